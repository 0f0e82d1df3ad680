import { readConfig } from "../config.ts"
import { examineShop } from "../operations/doctor.ts"
import { whatsappPart } from "../operations/doctor-shop.ts"
import { type Finding, findingLines } from "../operations/finding.ts"
import type { CommandLine, ExitCode } from "./command-line.ts"

/**
 * `lapak doctor`: what is wrong with each part, and the line that mends it; ends with 1 when one is broken.
 */
export async function doctorCommand(line: CommandLine): Promise<ExitCode> {
  const findings = await examineShop(readConfig(line.environment), {
    clock: () => new Date(),
    progress: line.complain,
  })
  for (const text of findingLines(findings)) line.print(text)
  const broken = findings.filter(({ state }) => state === "broken").length
  line.print(broken === 0 ? canSell(findings) : `${broken} ${broken === 1 ? "part is" : "parts are"} broken.`)
  return broken === 0 ? 0 : 1
}

function canSell(findings: readonly Finding[]): string {
  const isAway = findings.some(({ part, state }) => part === whatsappPart && state !== "well")
  return isAway ? "The shop can sell, but not over WhatsApp yet." : "The shop can sell."
}
