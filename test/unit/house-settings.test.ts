import { expect, test } from "bun:test"
import { readSetting } from "../../src/conversation/desk/read-setting.ts"
import { understandDesk } from "../../src/conversation/desk/understand-desk.ts"
import {
  acceptedValue,
  defaultSettings,
  settingKeys,
  settingsFrom,
  storedValue,
} from "../../src/shop/house-settings.ts"

const read = (text: string) => readSetting(text.split(" "))
const asked = (text: string, role: "owner" | "admin" | "customer" | "reseller" = "owner") =>
  understandDesk(text, ".", role)

test("settings are read as an operator types them, in both languages", () => {
  const readings: ReadonlyArray<[string, unknown]> = [
    ["nama Warung Budi", { name: "shopName", value: "Warung Budi" }],
    ["NAME Budi's Shop", { name: "shopName", value: "Budi's Shop" }],
    ["prefix !", { name: "prefix", value: "!" }],
    ["zona asia/makassar", { name: "zone", value: "Asia/Makassar" }],
    ["zone WITA", { name: "zone", value: "Asia/Makassar" }],
    ["jamtenang 22 6", { name: "quietHours", value: { from: 22, to: 6 } }],
    ["jam-tenang 22.00-06.00", { name: "quietHours", value: { from: 22, to: 6 } }],
    ["quiethours off", { name: "quietHours", value: null }],
    ["ringkasan 21", { name: "summaryHour", value: 21 }],
    ["summary 7:00", { name: "summaryHour", value: 7 }],
    ["ringkasan mati", { name: "summaryHour", value: null }],
    ["pesananbesar 1jt", { name: "largeOrder", value: 1_000_000 }],
    ["largeorder Rp 250.000", { name: "largeOrder", value: 250_000 }],
    ["bagiantahan 30%", { name: "holdShare", value: 30 }],
    ["catatanstruk Terima kasih ya", { name: "receiptNote", value: "Terima kasih ya" }],
    ["receiptnote none", { name: "receiptNote", value: "" }],
  ]
  for (const [text, setting] of readings) expect<unknown>([text, read(text)]).toEqual([text, setting])
})

test("emoji that are made of several signs stay whole in the shop's name", () => {
  expect(asked(".setelan nama Warung 👨‍👩‍👧 ❤️")).toMatchObject({
    asked: { setting: { name: "shopName", value: "Warung 👨‍👩‍👧 ❤️" } },
  })
})

test("a value that a setting can't have is refused, and so is a setting that is none", () => {
  const wrong = [
    ...["nama", "nama ***", `nama ${"a".repeat(61)}`, "prefix", "prefix a", "prefix ..", "prefix *"],
    ...["zona +07:00", "zona Asia/Nowhere", "zona UTC+7", "zona .", "jamtenang 22", "jamtenang 22 22"],
    ...["jamtenang 24 6", "jamtenang 22 6 7", "jamtenang 22.30 6", "ringkasan 24", "ringkasan -1"],
    ...["pesananbesar 0", "pesananbesar banyak", "pesananbesar -5", "bagiantahan 9", "bagiantahan 101"],
    ...["bagiantahan 50.5", `catatanstruk ${"a".repeat(201)}`],
  ]
  for (const text of wrong) expect([text, read(text)]).toMatchObject([text, { kind: "setting_value" }])
  expect(read("rahasia 1")).toEqual({ kind: "unknown_setting" })
  expect(read("constructor 1")).toEqual({ kind: "unknown_setting" })
  expect(read("ring 21")).toEqual({ name: "summaryHour", value: 21 })
})

test("what is stored is read setting by setting: one that makes no sense spoils no other", () => {
  expect(settingsFrom({})).toEqual(defaultSettings)
  const stored = {
    shop_name: "Warung",
    prefix: "*",
    zone: 7,
    quiet_hours: { from: 5, to: 5 },
    summary_hour: "off",
    large_order: -1,
    hold_share: "50",
    receipt_note: "a\nb",
    secret_check: "x",
  }
  expect(settingsFrom(stored)).toEqual({ ...defaultSettings, shopName: "Warung", summaryHour: null })
  expect(settingsFrom({ quiet_hours: "off" }).quietHours).toBeNull()
  expect(settingKeys).not.toContain("secret_check")
  for (const value of [null, { from: 22, to: 6 }])
    expect(acceptedValue("quietHours", storedValue(value))).toEqual({ value })
})

test("texts are asked for and changed by the owner alone", () => {
  for (const role of ["admin", "reseller", "customer"] as const) {
    expect(asked(".teks", role)).toBeUndefined()
    expect(asked(".setelan nama Saya", role)).toBeUndefined()
  }
  expect(asked("teks")).toBeUndefined()
  expect(asked(".teks")).toMatchObject({ asked: { kind: "texts", sought: "", page: 1 } })
  expect(asked(".texts 3")).toMatchObject({ asked: { kind: "texts", sought: "", page: 3 } })
  expect(asked(".teks refund 2")).toMatchObject({ asked: { kind: "texts", sought: "refund", page: 2 } })
  expect(asked(".teks GOODS.bought")).toMatchObject({ asked: { kind: "text", key: "goods.bought" } })
  expect(asked(".teks xyzzy")).toMatchObject({ problem: { kind: "unknown_text" } })
  expect(asked(".teks empty fr")).toMatchObject({ problem: { kind: "unknown_language" } })
  expect(asked(".teks empty id")).toMatchObject({ problem: { kind: "missing_template" } })
  expect(asked(".teks empty id asli")).toMatchObject({ asked: { kind: "restore_text", language: "id" } })
})

test("a new text is what stands below its command, as it was typed", () => {
  expect(asked(".teks empty id\r\nHalo  Kak!\n\n*Menu*: {prefix}menu  ")).toMatchObject({
    asked: {
      kind: "change_text",
      key: "empty",
      language: "id",
      template: "Halo  Kak!\n\n*Menu*: {prefix}menu",
    },
  })
  expect(asked(".teks empty en Nothing there")).toMatchObject({ asked: { template: "Nothing there" } })
  expect(asked(".teks goods.bought id\nMakasih!")).toMatchObject({
    problem: { kind: "template", problem: { kind: "missing", names: ["order", "units"] } },
  })
})
