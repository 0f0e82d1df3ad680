/** Preloaded into a program under test: on SIGUSR2 something fails that nobody waits for. */
process.on("SIGUSR2", () => {
  void Promise.reject(new Error("said to +6281234567890: a-secret-of-the-tests"))
})
