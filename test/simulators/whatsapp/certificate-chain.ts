import { Curve, type KeyPair, proto } from "@whiskeysockets/baileys"

/** The server's Noise key with the certificates that vouch for it. */
export type CertifiedKey = Readonly<{ keyPair: KeyPair; certificateChain: Buffer }>

/**
 * `forged leaf`: the server's key is vouched for by a stranger.
 * `forged chain`: the intermediate is not signed by the root. A client that looks refuses both.
 */
export type Certificate = "right" | "forged leaf" | "forged chain"

const rootSerial = 0
const intermediateSerial = 1

export function certify(root: KeyPair, certificate: Certificate): CertifiedKey {
  const intermediate = Curve.generateKeyPair()
  const keyPair = Curve.generateKeyPair()
  const stranger = Curve.generateKeyPair()
  const leafSigner = certificate === "forged leaf" ? stranger : intermediate
  const intermediateSigner = certificate === "forged chain" ? stranger : root
  const certificateChain = proto.CertChain.encode({
    leaf: sign(leafSigner, { serial: 2, issuerSerial: intermediateSerial, key: keyPair.public }),
    intermediate: sign(intermediateSigner, {
      serial: intermediateSerial,
      issuerSerial: rootSerial,
      key: intermediate.public,
    }),
  }).finish()
  return { keyPair, certificateChain: Buffer.from(certificateChain) }
}

function sign(signer: KeyPair, details: proto.CertChain.NoiseCertificate.IDetails) {
  const encoded = proto.CertChain.NoiseCertificate.Details.encode(details).finish()
  return { details: encoded, signature: Curve.sign(signer.private, encoded) }
}
