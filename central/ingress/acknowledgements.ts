/** Where a message stands in its channel. */
export interface Delivered {
  fields: { deliveryTag: number };
}

/** What is known of the messages of one channel that the broker waits for. */
export interface Acknowledgements<Message extends Delivered> {
  /** In the order in which they come. */
  came(message: Message): void;
  /** Stored: the broker may forget it. */
  stored(message: Message): void;
  /** Not stored: it shall come again, here or at another centre. */
  refused(message: Message): void;
  /** Says at once what there is to say. */
  now(): void;
}

/**
 * Acknowledges many messages by one word: all up to a number, as soon as all up to there are stored or
 * given back. A quorum queue writes each word to the disks of most nodes. A message that takes long holds
 * up only the word about those behind it: a centre that ends before gets them again, as duplicates.
 */
export function groupAcknowledgements<Message extends Delivered>(say: {
  ackUpTo(message: Message): void;
  nack(message: Message): void;
}): Acknowledgements<Message> {
  /** By number, in the order in which they came. */
  const open = new Map<number, { message: Message; isStored: boolean }>();
  let isScheduled = false;

  function ack(): void {
    isScheduled = false;
    let last: Message | undefined;
    for (const [tag, { message, isStored }] of open) {
      if (!isStored) break;
      last = message;
      open.delete(tag);
    }
    if (last) say.ackUpTo(last);
  }

  /** What is stored together is told together. */
  function ackSoon(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(ack);
  }

  return {
    came(message) {
      open.set(message.fields.deliveryTag, { message, isStored: false });
    },
    stored(message) {
      const delivery = open.get(message.fields.deliveryTag);
      if (delivery) delivery.isStored = true;
      ackSoon();
    },
    refused(message) {
      open.delete(message.fields.deliveryTag);
      say.nack(message);
      ackSoon();
    },
    now: ack,
  };
}
