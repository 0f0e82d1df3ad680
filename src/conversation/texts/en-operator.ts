import type { OperatorTexts } from "./money-texts.ts"

export const operator: OperatorTexts = {
  whatsappLoggedOut: () =>
    "WhatsApp has logged this shop out. Orders and balances are safe. " +
    "Link it again on the page /whatsapp, or with: lapak pair",
  whatsappReplaced: () =>
    "Another program uses the shop's WhatsApp number, so Lapak has stopped connecting: they would throw each " +
    "other out. Stop that program, then connect again on the page /whatsapp, or with: lapak pair",
  whatsappStopped: () =>
    "WhatsApp refuses the shop's number. Open WhatsApp on the shop's phone and read what it says there; " +
    "then connect again on the page /whatsapp, or with: lapak pair",
  whatsappKeepsFailing: () =>
    "Lapak could not connect to WhatsApp several times, and keeps trying. " +
    "Look at the server's internet connection, or run: lapak doctor",
  whatsappRests: ({ minutes }) =>
    `WhatsApp gave a warning, so sending rests for ${minutes} ${minutes === 1 ? "minute" : "minutes"}: the number ` +
    "stays safe. Customers' messages are kept and answered afterwards.",
}
