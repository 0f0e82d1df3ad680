import { createHmac } from "node:crypto"
import { proto } from "@whiskeysockets/baileys"
import { isDeviceIdentity, type Registration, readRegistration, signDeviceIdentity } from "./account.ts"
import type { Connection } from "./connection.ts"
import { bytesOf, child, type Stanza, serverJid, stanza } from "./stanza.ts"
import { seconds, type World } from "./world.ts"

/** A client that waits to be linked. */
export type Candidate = Readonly<{
  connection: Connection
  registration: Registration
  refs: readonly string[]
}>

export type Pairing = Readonly<{
  /** A client that is not linked came in: it gets the references for its QR codes. */
  begin(connection: Connection): void
  forget(connection: Connection): void
  candidates(): readonly Candidate[]
  /** The owner scans the code with the shop's phone. Rejects when the phone or the server would refuse. */
  scan(qr: string): Promise<void>
  /**
   * The last part of every pairing: the phone vouches for the device, the device signs, the server restarts
   * it.
   */
  complete(candidate: Candidate, advSecret: Buffer): Promise<void>
}>

const refsPerConnection = 6

export function createPairing(world: World): Pairing {
  const waiting = new Map<Connection, Candidate>()
  const hangUp = new Map<Connection, () => void>()
  const complete = async (candidate: Candidate, advSecret: Buffer) => {
    const hungUp = new Promise<undefined>((resolve) =>
      hangUp.set(candidate.connection, () => resolve(undefined)),
    )
    const reply = await Promise.race([askForSignature(world, candidate, advSecret), hungUp])
    if (!reply) throw new Error("the client hung up while it was paired")
    const signed = bytesOf(child(reply, "pair-device-sign"), "device-identity")
    if (!signed || !isDeviceIdentity(signed, world.account, candidate.registration)) {
      world.problems.note("the device identity came back with a wrong signature")
      candidate.connection.drop()
      throw new Error("the client did not sign its device identity rightly")
    }
    link(world, candidate, signed)
    candidate.connection.send(stanza("stream:error", { code: "515" }))
    candidate.connection.close()
  }
  return {
    begin(connection) {
      const { payload, noiseKey } = connection.introduction
      const registration = readRegistration(payload, noiseKey)
      if (typeof registration === "string") {
        world.problems.note(registration)
        connection.drop()
        return
      }
      const refs = Array.from({ length: refsPerConnection }, () => `2@${world.newId()}`)
      waiting.set(connection, { connection, registration, refs })
      const nodes = refs.map((ref) => stanza("ref", {}, Buffer.from(ref)))
      const attributes = { from: serverJid, type: "set", id: world.newId(), xmlns: "md" }
      connection.send(stanza("iq", attributes, [stanza("pair-device", {}, nodes)]))
    },
    forget(connection) {
      waiting.delete(connection)
      hangUp.get(connection)?.()
      hangUp.delete(connection)
    },
    candidates: () => [...waiting.values()],
    complete,
    async scan(qr) {
      const [ref, noiseKey, identityKey, advSecret] = qr.replace(/^https:[^#]*#/, "").split(",")
      const candidate = [...waiting.values()].find(({ refs }) => refs.includes(ref ?? ""))
      if (!candidate || !noiseKey || !identityKey || !advSecret)
        throw new Error("this QR code is not valid (any more)")
      const { registration } = candidate
      const isTrue =
        registration.noiseKey.equals(Buffer.from(noiseKey, "base64")) &&
        registration.identityKey.equals(Buffer.from(identityKey, "base64"))
      if (!isTrue) world.problems.note("the QR code has other keys than its connection")
      await complete(candidate, Buffer.from(advSecret, "base64"))
    },
  }
}

async function askForSignature(world: World, candidate: Candidate, advSecret: Buffer): Promise<Stanza> {
  const { account } = world
  const device = account.lastDevice + 1
  const identity = signDeviceIdentity(account, candidate.registration, device, world.clock())
  const details = proto.ADVSignedDeviceIdentity.encode(identity).finish()
  const hmac = createHmac("sha256", advSecret).update(details).digest()
  const vouched = proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish()
  const id = world.newId()
  const reply = new Promise<Stanza>((resolve) => world.asked.set(id, resolve))
  const attributes = { from: serverJid, type: "set", id, t: seconds(world.clock()) }
  candidate.connection.send(
    stanza("iq", attributes, [
      stanza("pair-success", {}, [
        stanza("device-identity", {}, vouched),
        stanza("device", deviceNames(world, device)),
        stanza("platform", { name: "android" }),
        stanza("biz", { name: account.name }),
      ]),
    ]),
  )
  return await reply
}

function link(world: World, { registration }: Candidate, identity: Buffer): void {
  const { account } = world
  account.lastDevice += 1
  const names = deviceNames(world, account.lastDevice)
  const device = account.lastDevice
  account.companion = { registration, device, ...names, identity, oneTimeKeys: new Map() }
  account.signedPreKey = registration.signedPreKey
  world.mailbox.clear()
  world.told.clear()
}

function deviceNames({ account }: World, device: number): { jid: string; lid: string } {
  return { jid: account.jid.replace("@", `:${device}@`), lid: account.lid.replace("@", `:${device}@`) }
}
