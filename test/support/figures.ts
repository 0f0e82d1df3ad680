import { appendFile } from "node:fs/promises"

/**
 * Writes down what a test measured, as a line of JSON, into the file that LAPAK_FIGURES names; otherwise
 * nowhere. No test depends on a figure.
 */
export async function writeFigure(name: string, figures: Readonly<Record<string, number>>): Promise<void> {
  const file = process.env.LAPAK_FIGURES
  if (file) await appendFile(file, `${JSON.stringify({ name, ...figures })}\n`)
}
