import { useEffect, useRef, useState } from 'preact/hooks';
import type { CheckInView } from '../../protocol/api/appointments.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';
import { DigitField } from './digit-field.tsx';
import { DigitPad } from './digit-pad.tsx';
import { followTicket, order } from './order.ts';
import { takeCodes } from './scanned-codes.ts';
import { go } from './screens.ts';

const codeDigits = 10;

/** The code of an appointment, typed or scanned, becomes a ticket that is called in its time. */
export function AppointmentScreen() {
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [comeBackAt, setComeBackAt] = useState<string | null>(null);

  // A scanner may read a code twice before the screen is drawn again.
  const asking = useRef(false);
  const isOpen = useRef(true);
  useEffect(
    () => () => {
      isOpen.current = false;
    },
    [],
  );

  const checkIn = async (wished: string) => {
    if (asking.current || wished.length !== codeDigits) return;
    asking.current = true;
    setBusy(true);
    const answer = await post<CheckInView>(`/api/appointments/${wished}/check-in`, {}, 40_000);
    asking.current = false;
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (!answer.ok) return;
    if ('ticket' in answer.value) {
      // Who went back meanwhile still sees the ticket, but not in place of one that is being made.
      if (!isOpen.current && order.value !== null) return;
      void followTicket(answer.value.ticket);
      go({ name: 'ticket' });
    } else setComeBackAt(answer.value.comeBackAt);
  };
  useEffect(
    () =>
      takeCodes(scanned => {
        const digits = scanned.replace(/\D/g, '').slice(-codeDigits);
        setCode(digits);
        void checkIn(digits);
      }),
    [],
  );
  const change = (value: string) => {
    setError(null);
    setComeBackAt(null);
    setCode(value);
  };

  return (
    <section class="screen asking">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{t('kiosk.appointment-title')}</h1>
        <p>{t('kiosk.appointment-how')}</p>
      </div>
      <div class="asking-body">
        <div class="asking-fields">
          <DigitField
            label={t('kiosk.appointment-code')}
            value={code}
            longest={codeDigits}
            active
            onChange={change}
            onFocus={() => {}}
          />
          {error && <Notice error={error} />}
          {comeBackAt !== null && (
            <Message
              tone="attention"
              title={t('kiosk.appointment-early', { time: showDayAndTime(comeBackAt) })}
            >
              <p>{t('kiosk.appointment-early-how')}</p>
            </Message>
          )}
        </div>
        <DigitPad value={code} longest={codeDigits} onChange={change} />
      </div>
      <div class="screen-action">
        <Button
          kind="primary"
          busy={busy}
          disabled={code.length !== codeDigits}
          onPress={() => void checkIn(code)}
        >
          {t('kiosk.appointment-here')}
        </Button>
      </div>
    </section>
  );
}
