/**
 * Numbers that only the browser chat hands out. No Indonesian subscriber's number starts with 0 after the
 * country code, so nobody can pose as a real customer with one.
 */
const tryNumber = /^62800[0-9]{9}$/

export function isTryNumber(text: string): boolean {
  return tryNumber.test(text)
}

/** `entropy` is any whole number from 0 up; its last nine digits are used. */
export function toTryNumber(entropy: number): string {
  return `62800${String(Math.abs(Math.trunc(entropy)) % 1_000_000_000).padStart(9, "0")}`
}
