import { runBareProgram } from "./whatsapp-client.ts"

/** The yardstick: the bare client answers each text with the same text, at once. */
runBareProgram((to, text, socket) => socket.sendMessage(to, { text }))
