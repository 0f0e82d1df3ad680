import { runBareProgram } from "./whatsapp-client.ts"

const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)

/** The bare client answers each text with a picture of one pixel, with the text under it. */
runBareProgram((to, text, socket) =>
  socket.sendMessage(to, { image: pixel, mimetype: "image/png", caption: text, jpegThumbnail: "" }),
)
