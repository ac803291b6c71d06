import type { SlotsView } from '../../protocol/api/appointments.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { language, t } from '../shared/language.ts';
import { briefDay, longDay } from '../shared/time.ts';
import { at, busy, day, slots, trouble } from './store.ts';

/** A day of a wall calendar has no zone. */
export const showDay = (of: string) => longDay(`${of}T12:00:00Z`, language.value, 'UTC');

/** Days and times that are free, and the button that takes the chosen one. */
export function Times({ action, onTake }: { action: (at: string) => string; onTake: () => void }) {
  return (
    <Loaded held={slots.held.value} onRetry={() => void slots.refresh()} rows={3}>
      {view =>
        view.days.length === 0 ? (
          <Empty icon="clock">{t('appointments.no-days')}</Empty>
        ) : (
          <>
            <Days view={view} />
            <Hours view={view} />
            {trouble.value && <Notice error={trouble.value} />}
            <div class="take">
              <Button
                kind="primary"
                class="wide"
                busy={busy.value}
                disabled={at.value === ''}
                onPress={onTake}
              >
                {at.value === ''
                  ? t('appointments.choose-time')
                  : action(`${showDay(day.value)}, ${at.value}`)}
              </Button>
            </div>
          </>
        )
      }
    </Loaded>
  );
}

function Days({ view }: { view: SlotsView }) {
  return (
    <fieldset class="choices days">
      <legend>{t('appointments.day')}</legend>
      {view.days.map(each => (
        <Button
          key={each.day}
          pressed={each.day === day.value}
          onPress={() => {
            day.value = each.day;
            if (!each.free.includes(at.value)) at.value = '';
          }}
        >
          {briefDay(`${each.day}T12:00:00Z`, language.value, 'UTC')}
        </Button>
      ))}
    </fieldset>
  );
}

function Hours({ view }: { view: SlotsView }) {
  const free = view.days.find(each => each.day === day.value)?.free ?? [];
  return (
    <fieldset class="choices hours">
      <legend>{t('appointments.time')}</legend>
      {free.map(time => (
        <Button
          key={time}
          pressed={time === at.value}
          onPress={() => {
            at.value = time;
          }}
        >
          <span class="figures">{time}</span>
        </Button>
      ))}
    </fieldset>
  );
}
