import { formatRupiah, rupiah } from "../../shop/money.ts"
import { type PeopleCommand, type PeopleProblem, pauseHours } from "../desk/people.ts"
import { yesOrNo } from "./en-desk.ts"
import { describePeople, roleNames } from "./en-people-outcomes.ts"
import { addressOf, chatLink, named, type PeopleDeskTexts, type PeoplePreview } from "./people-desk-texts.ts"
import { join, oneLine, type Wording } from "./wording.ts"

const forms: Readonly<Record<PeopleCommand, string>> = {
  pause: "pause 081234567890 12",
  resume: "resume 081234567890",
  queue: "queue",
  customer: "customer 081234567890",
  credit: "credit 081234567890 50000 birthday bonus",
  debit: "debit 081234567890 50000 credited by mistake",
  block: "block 081234567890 cheated",
  unblock: "unblock 081234567890",
  role: "role 081234567890 reseller",
  team: "team",
}

const problems: Readonly<Record<PeopleProblem["kind"], string>> = {
  missing_number: "The customer's number is missing.",
  number_unreadable: "I can't read that number. Write all of it, or at least its last 4 digits.",
  number_unclear: "That number can be read in more than one way. Write it without spaces.",
  missing_amount: "The amount is missing.",
  amount_not_a_number: "I can't read that amount. Write plain digits, like 50000 or 50k.",
  missing_reason: "The reason is missing. It is for the shop's record alone.",
  reason_too_long: "The reason is too long: at most 200 characters.",
  hours_invalid: `The time is ${pauseHours.min} to ${pauseHours.max} whole hours.`,
  role_unknown: "The roles are customer, reseller and admin.",
  too_many_words: "There are too many words in that command.",
}

export function peopleDesk(wording: Wording): PeopleDeskTexts {
  const { command, desk, time } = wording
  const form = (name: PeopleCommand) => desk(forms[name])
  return {
    peopleHelp: () =>
      join(
        `${form("customer")}: all about one customer; the last 4 digits of the number will do`,
        `${form("credit")}: add to a balance`,
        `${form("debit")}: take from a balance`,
        `${form("queue")}: who waits for a person`,
        `${form("pause")}: the bot is silent in that chat for 12 hours`,
        `${form("resume")}: the bot answers in that chat again`,
        `${form("block")}: can't buy any more`,
        `${form("unblock")}: may buy again`,
        `${form("role")}: make somebody a customer, a reseller or an admin`,
        `${form("team")}: the shop's owners and admins`,
      ),
    peopleProblem: ({ command: name, problem }) => join(problems[problem.kind], `For example: ${form(name)}`),
    peoplePreview: (preview) => join(previewed(preview), yesOrNo),
    peopleOutcome: (outcome) => describePeople(outcome, wording),
    personComes: ({ until }) =>
      join(
        "All right. The seller is told, and a person will answer in this chat 🙏",
        `Please write what you need. The bot is silent here, until ${time(until)} at the latest.`,
        "What you have paid for is still delivered.",
        `Would you rather have the bot again? Reply ${command("bot")}`,
      ),
    personNowhere: () =>
      `Sorry, this shop has nobody yet who can be reached through the bot. The bot goes on answering: ${command("menu")}`,
    botAnswers: () => `The bot answers in this chat again. To begin, reply ${command("menu")}`,
    personIsYou: () => `You are an operator of this shop yourself. Who waits for a person: ${form("queue")}`,
    personWanted: ({ customerName, since, ...person }) =>
      join(
        `*${oneLine(customerName, 40) || "A customer"} asks for a person*`,
        `Number: ${addressOf(person)}, since ${time(new Date(since))}`,
        `Answer from the shop's WhatsApp, in their chat${chatLink(person) ? `: ${chatLink(person)}` : "."}`,
        `The bot is silent there. When you are done: ${desk("resume")} ${addressOf(person)}`,
      ),
    balanceAdjusted: ({ amount, balance }) =>
      join(
        amount > 0
          ? `The seller has added ${formatRupiah(amount)} to your balance ✅`
          : `The seller has taken ${formatRupiah(rupiah(-amount))} from your balance.`,
        `Balance now: *${formatRupiah(balance)}*`,
        amount <= 0 && `Does something not fit? Talk to the seller: ${command("person")}`,
      ),
  }
}

function previewed(preview: PeoplePreview): string {
  const who = named(preview.person)
  switch (preview.kind) {
    case "adjust": {
      const { amount, balance, reason } = preview
      return join(
        amount > 0
          ? `*Add ${formatRupiah(amount)}* to the balance of ${who}`
          : `*Take ${formatRupiah(rupiah(-amount))}* from the balance of ${who}`,
        `It goes from ${formatRupiah(balance)} to ${formatRupiah(rupiah(balance + amount))}.`,
        `Reason, for the shop's record alone: ${oneLine(reason, 200)}`,
      )
    }
    case "block":
      return join(
        `*Block ${who}*: can't buy and use commands any more.`,
        preview.orderCode && `Their unpaid order ${preview.orderCode} is cancelled, too.`,
        `Reason, for the shop's record alone: ${oneLine(preview.reason, 200)}`,
      )
    case "unblock":
      return `*Unblock ${who}*: may buy again.`
    case "role":
      return join(
        `*Change the role of ${who}* from ${roleNames[preview.before]} to ${roleNames[preview.role]}.`,
        preview.role === "admin" &&
          "An admin can change products, stock, vouchers and balances, handle and refund orders, and block customers.",
      )
  }
}
