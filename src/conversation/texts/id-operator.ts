import type { OperatorTexts } from "./money-texts.ts"

export const operator: OperatorTexts = {
  whatsappLoggedOut: () =>
    "WhatsApp mengeluarkan toko ini dari perangkat tertaut. Pesanan dan saldo aman. " +
    "Tautkan lagi lewat halaman /whatsapp atau perintah: lapak pair",
  whatsappReplaced: () =>
    "Nomor WhatsApp toko dipakai program lain, jadi Lapak berhenti menyambung supaya tidak saling mengusir. " +
    "Matikan program itu, lalu sambungkan lagi lewat halaman /whatsapp atau perintah: lapak pair",
  whatsappStopped: () =>
    "WhatsApp menolak nomor toko ini. Buka WhatsApp di HP toko dan lihat pemberitahuannya; " +
    "setelah beres, sambungkan lagi lewat halaman /whatsapp atau perintah: lapak pair",
  whatsappKeepsFailing: () =>
    "Lapak sudah beberapa kali gagal tersambung ke WhatsApp dan terus mencoba. " +
    "Periksa internet server, atau jalankan: lapak doctor",
  whatsappRests: ({ minutes }) =>
    `WhatsApp memberi peringatan, jadi pengiriman pesan berhenti ${minutes} menit supaya nomor tidak diblokir. ` +
    "Pesan pelanggan tetap tersimpan dan dikirim sesudahnya.",
}
