import { useState } from 'preact/hooks';
import type { AppointmentView } from '../../protocol/api/appointments.ts';
import { spacedCode } from '../../protocol/appointments/spaced-code.ts';
import { get } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import type { PhraseKey } from '../shared/dictionary.ts';
import { inLanguage, t } from '../shared/language.ts';
import { appointment, beginAnew, beginMove, busy, cancel, isMoving, mode, move, trouble } from './store.ts';
import { showDay, Times } from './times.tsx';

const heading: Record<AppointmentView['state'], PhraseKey> = {
  booked: 'appointments.booked',
  cancelled: 'appointments.cancelled',
  'checked-in': 'appointments.used',
  missed: 'appointments.missed',
};
const tone: Record<AppointmentView['state'], string> = {
  ...{
    booked: 'state-serving',
    cancelled: 'state-done',
    'checked-in': 'state-done',
    missed: 'state-no-show',
  },
};

/** The appointment with its code, and what can be done with it. */
export function Shown({ view }: { view: AppointmentView }) {
  const [asks, setAsks] = useState(false);
  return (
    <>
      <article class={`phone-card ${tone[view.state]}`}>
        <div class="phone-state">
          <h2>{t(heading[view.state])}</h2>
          <p class="when figures">
            {showDay(view.day)}, {view.at}
          </p>
          <p>{inLanguage(view.serviceTitle)}</p>
          <p>{inLanguage(view.branch.name)}</p>
        </div>
        {view.state === 'booked' && (
          <dl class="phone-more">
            <div>
              <dt>{t('appointments.code')}</dt>
              <dd class="code figures">{spacedCode(view.code)}</dd>
            </div>
            <div>
              <dd>{t('appointments.code-how')}</dd>
            </div>
          </dl>
        )}
      </article>
      {!isMoving.value && trouble.value && <Notice error={trouble.value} />}
      {isMoving.value && (
        <Times action={at => t('appointments.move-to', { at })} onTake={() => void move()} />
      )}
      <div class="acts">
        {view.state === 'booked' && !isMoving.value && (
          <Button onPress={beginMove}>{t('appointments.move')}</Button>
        )}
        {view.state === 'booked' && <Button onPress={() => setAsks(true)}>{t('appointments.cancel')}</Button>}
        <Button kind="quiet" onPress={beginAnew}>
          {t('appointments.another')}
        </Button>
      </div>
      {asks && (
        <Dialog
          title={t('appointments.cancel-sure')}
          onClose={() => setAsks(false)}
          actions={
            <>
              <Button onPress={() => setAsks(false)}>{t('appointments.keep')}</Button>
              <Button
                kind="primary"
                busy={busy.value}
                onPress={() => void cancel().then(() => setAsks(false))}
              >
                {t('appointments.cancel')}
              </Button>
            </>
          }
        >
          <p>{t('appointments.cancel-how')}</p>
        </Dialog>
      )}
    </>
  );
}

/** Finds an appointment by its code. */
export function CodeForm() {
  const [typed, setTyped] = useState('');
  const show = async () => {
    if (busy.value) return;
    busy.value = true;
    const answer = await get<AppointmentView>(`/api/public/appointments/${encodeURIComponent(typed)}`);
    busy.value = false;
    trouble.value = answer.ok ? null : answer.error;
    // Who books a visit by now is not taken away from it.
    if (!answer.ok || mode.value !== 'code') return;
    appointment.value = answer.value;
    mode.value = 'shown';
  };
  return (
    <form
      class="code-form"
      onSubmit={event => {
        event.preventDefault();
        void show();
      }}
    >
      <label class="field">
        <span>{t('appointments.code-field')}</span>
        <input
          class="input figures"
          inputMode="numeric"
          autocomplete="off"
          maxLength={20}
          value={typed}
          onInput={event => setTyped(event.currentTarget.value)}
        />
      </label>
      {trouble.value && <Notice error={trouble.value} />}
      <Button
        kind="primary"
        class="wide"
        busy={busy.value}
        disabled={typed.trim() === ''}
        onPress={() => void show()}
      >
        {t('appointments.show')}
      </Button>
    </form>
  );
}
