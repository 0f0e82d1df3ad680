/**
 * Waits until `probe` returns something other than undefined or false, and returns it. The bound is generous:
 * it ends a test that would wait for ever, and measures nothing.
 */
export async function eventually<Found>(
  what: string,
  probe: () => Found | undefined | false | Promise<Found | undefined | false>,
  withinMs = 120_000,
): Promise<Found> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`it did not come about: ${what}`)
    await Bun.sleep(10)
  }
}
