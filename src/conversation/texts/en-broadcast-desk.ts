import type { BroadcastProgress } from "../../shop/send-broadcast.ts"
import type { BroadcastProblem } from "../desk/broadcast.ts"
import type { BroadcastDeskTexts, BroadcastPreview } from "./broadcast-desk-texts.ts"
import { join, type Wording } from "./wording.ts"

const rule = "──────────"

export function broadcastDesk({ command, desk, time }: Wording): BroadcastDeskTexts {
  const name = desk("broadcast")
  const rests = (goesOnAt: Date | null) =>
    goesOnAt !== null && `It rests in the quiet hours, and goes on by itself at ${time(goesOnAt)}.`
  const example = join(`${name}`, "This weekend: 10% off every voucher.")
  return {
    broadcast: ({ text }) => join(text, "", `No more news like this? Reply ${command("stop_broadcasts")}`),
    noBroadcastsEither: () =>
      `You get no more news from us either. Want it again? Reply ${command("start_broadcasts")}`,
    noMoreBroadcasts: () =>
      join(
        "All right, you will get no more news from us 🙏",
        "We still tell you about your orders.",
        `Want it again? Reply ${command("start_broadcasts")}`,
      ),
    broadcastsAgain: () =>
      join(
        "You will get our news again ✅",
        `Changed your mind? Reply ${command("stop_broadcasts")}`,
        `Have a look around: ${command("menu")}`,
      ),
    broadcastPreview: ({ text, ...preview }) =>
      join(
        "*The broadcast, as customers will get it:*",
        rule,
        text,
        rule,
        `To *${people(preview.people)}* who wrote in the last ${days(preview.days)}, ` +
          `in about ${minutes(preview.minutes)}.`,
        rests(preview.goesOnAt),
        ...leftOut(preview),
        "",
        "Reply *yes* to start, *cancel* to drop it.",
      ),
    broadcastStarted: (started) =>
      join(
        `The broadcast to ${people(started.people)} has begun ✅ It takes about ${minutes(started.minutes)}, ` +
          "one by one to keep the shop's number safe.",
        rests(started.goesOnAt),
        `See: ${name} status`,
        `Stop: ${name} stop`,
      ),
    broadcastUnderWay: (progress) =>
      join(
        "Another broadcast is not done yet, so this one was not started.",
        ...counts(progress),
        `Wait for its end, or stop it first: ${name} stop`,
      ),
    broadcastToNobody: (audience) =>
      join(
        `Nobody can get a broadcast now: no customer wrote in the last ${days(audience.days)}, ` +
          "or all of them are left out.",
        ...leftOut(audience),
      ),
    broadcastStatus: (progress) =>
      join(
        `*Broadcast of ${time(new Date(progress.startedAt))}*: ${stateNames[progress.state]}`,
        progress.pausedFor !== null && whyPaused[progress.pausedFor],
        ...counts(progress),
        progress.state === "running" && `About ${minutes(progress.minutes)} to go.`,
        progress.state === "running" && rests(progress.goesOnAt),
        progress.state === "running" && `Pause: ${name} pause`,
        progress.state === "paused" && `Go on: ${name} resume`,
        ["running", "paused"].includes(progress.state) && `Stop: ${name} stop`,
      ),
    noBroadcast: () => join("No broadcast is under way.", "", "Start one, for example:", example),
    broadcastStopped: (progress) =>
      join("The broadcast is stopped ✅ What was not sent is withdrawn.", ...counts(progress)),
    broadcastPaused: (progress) =>
      join(
        "The broadcast is paused ✅ What was not sent waits.",
        ...counts(progress),
        `Go on: ${name} resume`,
      ),
    broadcastResumed: (progress) =>
      join(
        "The broadcast goes on ✅",
        ...counts(progress),
        `About ${minutes(progress.minutes)} to go.`,
        rests(progress.goesOnAt),
      ),
    broadcastRests: ({ until }) =>
      join(
        `WhatsApp warned the shop, so nothing is sent before ${time(until)}.`,
        `The broadcast stays paused. After that: ${name} resume`,
      ),
    broadcastReport: ({ event, ...progress }) => {
      if (event === "finished") return join("*The broadcast is done* ✅", ...counts(progress))
      if (event === "quarter")
        return join("*The broadcast is under way*", ...counts(progress), `Stop: ${name} stop`)
      return join(
        "*The broadcast was paused by itself*",
        whyPaused[progress.pausedFor ?? "operator"],
        ...counts(progress),
        `Go on once it is safe: ${name} resume`,
        `Stop: ${name} stop`,
      )
    },
    broadcastProblem: (problem) => join(whatIsWrong(problem), "", "For example:", example),
    broadcastHelp: () =>
      join(
        `${name}, with the text on the next lines: to customers who wrote in the last 30 days`,
        `${name} days 7, then the text: only to those who wrote in the last 7 days`,
        `${name} status: how far it is`,
        `${name} pause, ${name} resume, ${name} stop`,
      ),
  }
}

const stateNames: Readonly<Record<BroadcastProgress["state"], string>> = {
  running: "under way",
  paused: "paused",
  stopped: "stopped",
  finished: "done",
}

const whyPaused: Readonly<Record<NonNullable<BroadcastProgress["pausedFor"]>, string>> = {
  operator: "Paused by an operator.",
  warning: "WhatsApp warned of too many messages. Give it a few hours.",
  failures: "Five messages in a row failed. Look at the shop's connection first, or at who they went to.",
}

function counts({ total, sent, waiting, failed, leftOut, withdrawn }: BroadcastProgress): string[] {
  return [
    `Sent: ${sent} of ${total}`,
    ...(waiting > 0 ? [`Waiting: ${waiting}`] : []),
    ...(failed > 0 ? [`Failed: ${failed}`] : []),
    ...(leftOut > 0 ? [`Left out (said stop, blocked, or a person answers them): ${leftOut}`] : []),
    ...(withdrawn > 0 ? [`Withdrawn: ${withdrawn}`] : []),
  ]
}

function leftOut({
  optedOut,
  personAnswers,
  hadOne,
}: Pick<BroadcastPreview, "optedOut" | "personAnswers" | "hadOne">): string[] {
  return [
    ...(optedOut > 0 ? [`Left out because they said stop: ${optedOut}`] : []),
    ...(personAnswers > 0 ? [`Left out because a person answers them now: ${personAnswers}`] : []),
    ...(hadOne > 0 ? [`Left out because they got one in the last 24 hours: ${hadOne}`] : []),
  ]
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`
}

function days(count: number): string {
  return count === 1 ? "day" : `${count} days`
}

function minutes(count: number): string {
  return count === 1 ? "1 minute" : `${count} minutes`
}

function whatIsWrong(problem: BroadcastProblem): string {
  switch (problem.kind) {
    case "missing_text":
      return "The broadcast has no text yet, so nothing was sent."
    case "text_too_long":
      return `The broadcast's text is too long: at most ${problem.max} characters. Nothing was sent.`
    case "days_out_of_range":
      return `The days are 1 to ${problem.max}. Nothing was sent.`
  }
}
