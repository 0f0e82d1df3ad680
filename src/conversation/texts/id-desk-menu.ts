import type { MenuRoom } from "../desk/menu.ts"
import type { DeskMenuTexts } from "./desk-menu-texts.ts"
import { join, type Wording } from "./wording.ts"

const titles: Readonly<Record<MenuRoom, string>> = {
  catalogue: "Produk, harga, dan stok",
  orders: "Penjualan dan pesanan",
  money: "Pengembalian dana dan tinjauan",
  people: "Pelanggan, saldo, dan tim",
  vouchers: "Voucher",
  broadcast: "Siaran",
  house: "Pengaturan dan teks toko",
}

export function deskMenu({ desk }: Wording): DeskMenuTexts {
  return {
    deskMenu: ({ rooms }) =>
      join(
        "*Menu operator*",
        ...rooms.map((room, place) => `${place + 1}. ${titles[room]}`),
        "",
        "Balas angkanya untuk melihat perintah dan contohnya.",
      ),
    deskRoom: ({ room, lines }) =>
      join(
        `*${titles[room]}*`,
        lines,
        "",
        "Angka lain untuk bagian lain, *0* untuk menu, *batal* untuk selesai.",
      ),
    deskMenuRange: ({ rooms }) => `Pilih 1 sampai ${rooms}, *0* untuk menu, atau *batal* untuk selesai.`,
    deskMeant: ({ kind, word }) =>
      kind === "slip"
        ? `Mungkin maksudnya: ${desk(word)}`
        : `Perintah ${desk(word)} hanya untuk pemilik toko.`,
    deskMenuClosed: () => `Baik. Menu operator terbuka lagi dengan ${desk("admin")}`,
    linesBelow: ({ command }) =>
      `${desk(command)} ditulis dalam satu baris saja, jadi baris di bawahnya tidak terbaca. Tidak ada yang dijalankan.`,
    deskHint: () => `Untuk operator toko: ${desk("admin")}`,
  }
}
