import { codeOf } from '../../../protocol/app-error.ts';
import { type DriverEnv, defineDriver } from '../driver.ts';
import { identify, readUid, toHex } from './profiles.ts';

/** Contact and contactless readers that pcscd knows. Signature tokens that show up as readers stay the token service's. */
export const pcscCardReader = defineDriver({
  id: 'card-reader.pcsc',
  kind: 'card-reader',
  title: { ru: 'Считыватель карт', en: 'Card reader' },
  matches: [{ line: 'pcsc', score: 3 }],
  async open(env) {
    const reader = env.attached.node;
    const gone = Promise.withResolvers<void>();
    const stop = env.cards.listen(reader, {
      card: atr => void read(env, atr),
      unreadable: () => env.trouble('card.unreadable'),
      gone() {
        env.trouble(null);
        env.tell({ kind: 'card-gone' });
      },
    });
    return {
      onClose: listener => void gone.promise.then(listener),
      async close() {
        stop();
        gone.resolve();
      },
    };
  },
});

async function read(env: DriverEnv, atr: Uint8Array): Promise<void> {
  const transmit = async (apdu: Uint8Array) => {
    // Which command is no secret; what it carries and brings may be.
    env.wire.note('out', apdu.subarray(0, 5));
    const answer = await env.cards.transmit(env.attached.node, apdu);
    env.wire.note('in', answer);
    return answer;
  };
  try {
    const uid = await readUid(transmit);
    const identity = await identify(atr, transmit);
    env.trouble(null);
    env.tell({ kind: 'card', atr: toHex(atr), uid, identity });
  } catch (error) {
    env.trouble(codeOf(error));
  }
}
