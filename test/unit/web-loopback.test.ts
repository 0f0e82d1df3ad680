import { expect, test } from "bun:test"
import { isAtHome, isFromLoopback } from "../../src/web/loopback.ts"

const here = { peerAddress: "127.0.0.1", host: "127.0.0.1", headers: new Headers({ Host: "127.0.0.1:3000" }) }

test("someone at this very machine is let in, however the machine is named", () => {
  for (const peerAddress of ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
    for (const host of ["127.0.0.1", "localhost", "::1", "[::1]", "LOCALHOST"])
      for (const named of ["localhost:3000", "127.0.0.1", "[::1]:3000"])
        expect(isFromLoopback({ peerAddress, host, headers: new Headers({ Host: named }) })).toBe(true)
})

test("a peer elsewhere, or an unknown one, is not loopback", () => {
  for (const peerAddress of [
    undefined,
    "",
    "10.0.0.1",
    "::2",
    "::ffff:10.0.0.1",
    "128.0.0.1",
    "127.0.0.1.example",
  ])
    expect(isFromLoopback({ ...here, peerAddress })).toBe(false)
})

test("a server that listens to everyone trusts nobody's address", () => {
  for (const host of ["0.0.0.0", "::", "192.168.1.5", "shop.example", "localhost.example"])
    expect(isFromLoopback({ ...here, host })).toBe(false)
})

test("one forwarding header is enough to be a stranger", () => {
  const forwarding = [
    "Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Anything",
    "X-Real-IP",
    "Via",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Client-IP",
    "CDN-Loop",
  ]
  for (const name of forwarding) {
    const headers = new Headers(here.headers)
    headers.set(name, "127.0.0.1")
    expect(isFromLoopback({ ...here, headers })).toBe(false)
  }
})

test("a stranger's name that points at this machine is not this machine", () => {
  for (const named of ["evil.example:3000", "127.0.0.1.evil.example", "evil.example"])
    expect(isFromLoopback({ ...here, headers: new Headers({ Host: named }) })).toBe(false)
})

test("a shop is at home while its address names this very machine, and only then", () => {
  for (const url of ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:8080"])
    expect(isAtHome(url)).toBe(true)
  for (const url of ["https://shop.example", "http://192.168.1.5:3000", "https://127.0.0.1.example"])
    expect(isAtHome(url)).toBe(false)
})
