import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from "node:crypto"
import { promisify } from "node:util"
import { Curve, type KeyPair } from "@whiskeysockets/baileys"
import type { Connection } from "./connection.ts"
import type { Candidate, Pairing } from "./pairing.ts"
import { bytesOf, child, type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** What the shop's phone says to the code that was typed in. */
export type CodeOutcome = "paired" | "wrong code"

export type CodePairing = Readonly<{
  /**
   * A `link_code_companion_reg` from a client that wants to be linked; answers it, or notes what is wrong.
   */
  take(query: Stanza, connection: Connection): void
  /** The owner types the code the client shows into the shop's phone. */
  enterCode(code: string): Promise<CodeOutcome>
}>

type Hello = { candidate: Candidate; ref: string; wrappedKey: Buffer }
type Entered = { hello: Hello; ephemeral: KeyPair; companionKey: Buffer } & Decision
type Decision = { decide(outcome: CodeOutcome): void; fail(error: unknown): void }

/** A client may show its code just before its request is here. */
const helloWithinMs = 60_000
const deriveKey = promisify(pbkdf2)
const nothing = Buffer.alloc(0)

export function createCodePairing(world: World, pairing: Pairing): CodePairing {
  let hello: Hello | undefined
  let entered: Entered | undefined

  const awaited: ((hello: Hello) => void)[] = []
  const nextHello = () =>
    new Promise<Hello>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no client asked to be paired by code")), helloWithinMs)
      awaited.push((begun) => {
        clearTimeout(timer)
        resolve(begun)
      })
    })
  const takeHello = (reg: Stanza, id: string, connection: Connection) => {
    const candidate = pairing.candidates().find((one) => one.connection === connection)
    const wrappedKey = bytesOf(reg, "link_code_pairing_wrapped_companion_ephemeral_pub")
    const noiseKey = bytesOf(reg, "companion_server_auth_key_pub")
    if (!candidate || wrappedKey?.length !== 80) return world.problems.note("a pairing by code began wrongly")
    if (!noiseKey?.equals(candidate.registration.noiseKey))
      world.problems.note("a pairing by code names another connection's key")
    if (reg.attrs.jid !== world.account.jid)
      world.problems.note(`a pairing by code is for ${reg.attrs.jid}, which is another account`)
    hello = { candidate, ref: `ref-${world.newId()}`, wrappedKey }
    for (const resolve of awaited.splice(0)) resolve(hello)
    const answer = stanza("link_code_companion_reg", { stage: "companion_hello" }, [
      stanza("link_code_pairing_ref", {}, Buffer.from(hello.ref)),
    ])
    connection.send(stanza("iq", { from: serverJid, type: "result", id }, [answer]))
  }
  const takeFinish = (reg: Stanza, id: string, connection: Connection) => {
    if (!entered || entered.hello.candidate.connection !== connection)
      return world.problems.note("a pairing by code was finished before the code was typed")
    const { decide, fail, hello: begun } = entered
    const secret = openKeyBundle(reg, entered, world)
    entered = undefined
    connection.send(stanza("iq", { from: serverJid, type: "result", id }, []))
    if (!secret) return decide("wrong code")
    void pairing.complete(begun.candidate, secret).then(() => decide("paired"), fail)
  }
  return {
    take(query, connection) {
      const reg = child(query, "link_code_companion_reg")
      const { id = "" } = query.attrs
      if (reg?.attrs.stage === "companion_hello") takeHello(reg, id, connection)
      else if (reg?.attrs.stage === "companion_finish") takeFinish(reg, id, connection)
    },
    async enterCode(code) {
      const isThere = pairing.candidates().some((candidate) => candidate === hello?.candidate)
      const begun = hello && isThere ? hello : await nextHello()
      const ephemeral = Curve.generateKeyPair()
      const companionKey = await unwrap(begun.wrappedKey, code)
      const wrapped = await wrap(Buffer.from(ephemeral.public), code)
      return await new Promise((decide, fail) => {
        entered = { hello: begun, ephemeral, companionKey, decide, fail }
        begun.candidate.connection.send(primaryHello(wrapped, begun.ref, world))
      })
    },
  }
}

function primaryHello(wrapped: Buffer, ref: string, { account, clock, newId }: World): Stanza {
  const attributes = { from: serverJid, type: "link_code_companion_reg", id: newId(), t: seconds(clock()) }
  return stanza("notification", attributes, [
    stanza("link_code_companion_reg", { stage: "primary_hello" }, [
      stanza("link_code_pairing_wrapped_primary_ephemeral_pub", {}, wrapped),
      stanza("primary_identity_pub", {}, account.phone.identity.public),
      stanza("link_code_pairing_ref", {}, Buffer.from(ref)),
    ]),
  ])
}

/** The secret both sides come to; undefined when the code was another one, so that nothing can be opened. */
function openKeyBundle(
  reg: Stanza,
  { hello, ephemeral, companionKey }: Entered,
  world: World,
): Buffer | undefined {
  const { identityKey } = hello.candidate.registration
  const own = world.account.phone.identity
  if (bytesOf(reg, "link_code_pairing_ref")?.toString() !== hello.ref)
    world.problems.note("a pairing by code was finished under another reference")
  if (!bytesOf(reg, "companion_identity_public")?.equals(identityKey))
    world.problems.note("a pairing by code was finished with another identity")
  const shared = Curve.sharedKey(ephemeral.private, companionKey)
  const bundle = openBundle(bytesOf(reg, "link_code_pairing_wrapped_key_bundle") ?? nothing, shared)
  if (!bundle) return undefined
  const expected = Buffer.concat([identityKey, own.public])
  if (!bundle.subarray(0, 64).equals(expected)) world.problems.note("a pairing by code bundles other keys")
  const secrets = [shared, Curve.sharedKey(own.private, identityKey), bundle.subarray(64)]
  return Buffer.from(hkdfSync("sha256", Buffer.concat(secrets), nothing, "adv_secret", 32))
}

function openBundle(sealed: Buffer, shared: Buffer): Buffer | undefined {
  const [salt, iv, rest] = [sealed.subarray(0, 32), sealed.subarray(32, 44), sealed.subarray(44)]
  const info = "link_code_pairing_key_bundle_encryption_key"
  const key = Buffer.from(hkdfSync("sha256", shared, salt, info, 32))
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv).setAuthTag(rest.subarray(-16))
    return Buffer.concat([decipher.update(rest.subarray(0, -16)), decipher.final()])
  } catch {
    return undefined
  }
}

async function codeKey(code: string, salt: Buffer): Promise<Buffer> {
  return await deriveKey(code, salt, 131_072, 32, "sha256")
}

async function unwrap(wrapped: Buffer, code: string): Promise<Buffer> {
  const key = await codeKey(code, wrapped.subarray(0, 32))
  const decipher = createDecipheriv("aes-256-ctr", key, wrapped.subarray(32, 48))
  return Buffer.concat([decipher.update(wrapped.subarray(48)), decipher.final()])
}

async function wrap(publicKey: Buffer, code: string): Promise<Buffer> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv("aes-256-ctr", await codeKey(code, salt), iv)
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()])
}
