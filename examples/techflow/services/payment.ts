class PaymentError extends Error {
  override readonly name = 'PaymentError'
}

/** Stands for a payment provider's library, down to the bad habit of saying the card's number in its errors. */
export async function charge(cardNumber: string, amount: number): Promise<void> {
  if (amount > 1000) throw new PaymentError(`card ${cardNumber} was declined`)
}
