import type { Command } from "commander"
import type { CommandLine } from "./command-line.ts"
import { refundCommand } from "./refund.ts"
import { argument, example, type Run } from "./registration.ts"
import { type DecisionOptions, decideCommand, reviewsCommand } from "./reviews.ts"

const refundExamples = [
  'lapak refund LPK-7K2M9Q3 --reason "the voucher did not work"',
  'lapak refund LPK-7K2M9Q3 5000 --to provider --reason "half of it was broken"',
]

const reviewExamples = [
  'lapak review 5 --credit 6281234567890 --reason "sent us the receipt"',
  'lapak review 5 --settle LPK-7K2M9Q3 --reason "same minute, same amount"',
  'lapak review 5 --took 4000 --reason "the panel shows 4.000 refunded"',
  'lapak review 5 --made --reason "the panel shows the refund"',
  'lapak review 5 --dismiss --reason "refunded in the provider\'s panel"',
]

/** What a person does about money of orders: giving it back, and deciding what it was for. */
export function addDeskCommands(program: Command, line: CommandLine, run: Run): void {
  const refund = program
    .command("refund")
    .description("give money of a paid order back, to the customer's balance or through the payment provider")
    .argument("<order>", "the order's code")
    .argument("[amount]", "whole rupiah in digits; everything that is left when it is not given")
    .option("--to <saldo|provider>", "where the money goes", "saldo")
    .requiredOption("--reason <text>", "why, up to 200 characters")
    .option("--again", "meant although the same amount of this order was refunded before", false)
    .addHelpText("after", example(...refundExamples))
  refund.action(
    run(() => {
      const options = refund.opts<{ to: string; reason: string; again: boolean }>()
      return refundCommand(line, { orderCode: argument(refund, 0), amount: refund.args[1], ...options })
    }),
  )

  const reviews = program
    .command("reviews")
    .description("list what waits for a person's decision, or show one of it")
    .argument("[number]", "the one to show, also when it is decided")
    .addHelpText("after", example("lapak reviews", "lapak reviews 5"))
  reviews.action(run(() => reviewsCommand(line, reviews.args[0])))

  const review = program
    .command("review")
    .description("decide on one, once, in exactly one of these ways")
    .argument("<number>", "as lapak reviews lists it")
    .option("--credit <customer>", "the money is this customer's: to the balance of that phone number")
    .option("--settle <order>", "it paid for this order, or for the payment of this reference")
    .option("--amount <amount>", "with --credit or --settle: how much it is, where the list does not say")
    .option("--took <amount>", "so much of the payment went back in all, as the provider shows it")
    .option("--made", "the refund that was never confirmed went back to the customer")
    .option("--not-made", "it did not: the money is still the shop's")
    .option("--dismiss", "nothing is to be done, or it was done in another way")
    .requiredOption("--reason <text>", "why, up to 200 characters")
    .addHelpText("after", example(...reviewExamples))
  review.action(
    run(() => {
      return decideCommand(line, { number: argument(review, 0), ...review.opts<DecisionOptions>() })
    }),
  )
}
