export type Language = "id" | "en"

export type Role = "customer" | "reseller" | "admin" | "owner"

/** Whether somebody of this role may do what needs at least the other. */
export function mayOperate(role: Role, least: "admin" | "owner"): boolean {
  return role === "owner" || (role === "admin" && least === "admin")
}
