export type Language = "id" | "en"

export type Role = "customer" | "reseller" | "admin" | "owner"
