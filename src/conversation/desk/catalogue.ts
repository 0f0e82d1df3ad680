import { readCode } from "../read-words.ts"
import { type CatalogueReading, refuse, room } from "./catalogue-asked.ts"
import type { DeskCommand, DeskWords } from "./desk-command.ts"
import { readPriceCommand } from "./read-price-command.ts"
import { readNewProduct, readProductChange } from "./read-product.ts"
import { readStockCommand } from "./read-stock-command.ts"

/** Products, their prices and their stock. */
export const catalogueCommands: readonly DeskCommand[] = [
  { words: ["produkbaru", "newproduct"], least: "admin", takesLines: true, read: readNewProduct },
  { words: ["ubah", "edit"], least: "admin", takesLines: true, read: readProductChange },
  { words: ["harga", "price"], least: "admin", read: readPriceCommand },
  { words: ["sembunyikan", "hide"], least: "admin", read: (given) => readVisibility("hide", given) },
  { words: ["tampilkan", "unhide"], least: "admin", read: (given) => readVisibility("unhide", given) },
  { words: ["stok", "stock"], least: "admin", takesLines: true, read: readStockCommand },
]

function readVisibility(command: "hide" | "unhide", { words }: DeskWords): CatalogueReading {
  const [codeWord, ...rest] = words
  if (codeWord === undefined) return refuse(command, { kind: "missing_code" })
  const code = readCode(codeWord)
  if (code === undefined) return refuse(command, { kind: "malformed_code" })
  if (rest.length > 0) return refuse(command, { kind: "too_many_words" })
  return { kind: "asked", asked: { room, kind: `${command}_product`, code } }
}
