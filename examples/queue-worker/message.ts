/** A message as brokers have it: a body, and headers beside it. RabbitMQ, Kafka, SQS and BullMQ all have a place for them. */
export interface Message {
  readonly headers: Record<string, unknown>
  readonly body: { readonly job_id: string; readonly amount: number }
}
