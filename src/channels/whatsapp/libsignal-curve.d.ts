declare module "libsignal/src/curve.js" {
  /** Throws for keys and signatures of a wrong form. */
  export function verifySignature(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
}
