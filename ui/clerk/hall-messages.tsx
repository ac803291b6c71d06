import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { readMessages } from './hall-acts.ts';
import { queue } from './store.ts';

/** What the hall's administrator wrote to this window; stays until it was read. */
export function HallMessages() {
  const unread = heldValue(queue)?.messages.filter(({ id }) => !readMessages.value.includes(id)) ?? [];
  if (unread.length === 0) return null;
  return (
    <div class="hall-messages">
      {unread.map(({ id, at, words }) => (
        <Message
          key={id}
          tone="waiting"
          title={t('clerk.message-from-hall', { time: showTime(at) })}
          action={
            <Button
              onPress={() => {
                readMessages.value = [...readMessages.value, id];
              }}
            >
              {t('clerk.understood')}
            </Button>
          }
        >
          <p>{words}</p>
        </Message>
      ))}
    </div>
  );
}
