import { type GivenUp, type GivenUpMessage, readGivenUp, retryGivenUp } from "../database/given-up.ts"
import { type CommandLine, type ExitCode, withFoundation } from "./command-line.ts"

const shownMax = 500

/** `lapak outbox [--retry]`: the messages that were given up; with `--retry` they all wait to be sent again. */
export async function outboxCommand(line: CommandLine, given: { retry: boolean }): Promise<ExitCode> {
  return await withFoundation<ExitCode>(line, async ({ database }) => {
    if (given.retry) line.print(retried(await retryGivenUp(database, "shell")))
    else for (const text of listed(await readGivenUp(database, { limit: shownMax }))) line.print(text)
    return 0
  })
}

function retried(count: number): string {
  if (count === 0) return "No message was given up: there is nothing to send again."
  return `${messages(count)} put back: a running shop sends them again, under the same ids.`
}

function listed({ messages: shown, count }: GivenUp): string[] {
  if (count === 0) return ["No message was given up."]
  const rest = count - shown.length
  return [
    `${messages(count)} given up:`,
    ...shown.map(describe),
    ...(rest > 0 ? [`and ${rest} newer ones`] : []),
    "Send them all again:",
    "  lapak outbox --retry",
  ]
}

function describe({ id, since, channel, kind, orderCode, number, reason }: GivenUpMessage): string {
  const at = since.toISOString().slice(0, 19)
  return `  ${id}  ${at}Z  ${channel}  ${kind}  ${orderCode ?? "-"}  ${maskedNumber(number)}  ${reason}`
}

function messages(count: number): string {
  return count === 1 ? "1 message was" : `${count} messages were`
}

/** Enough to recognise a customer one knows, too little to write to one: 6281…890. */
function maskedNumber(number: string): string {
  return `${number.slice(0, number.length < 10 ? 2 : 4)}…${number.slice(-3)}`
}
