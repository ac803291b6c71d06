import { useEffect, useState } from 'preact/hooks';
import type { AppointmentSlipView, AppointmentView } from '../../protocol/api/appointments.ts';
import { spacedCode } from '../../protocol/appointments/spaced-code.ts';
import { post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Message } from '../shared/components/notice.tsx';
import { inLanguage, language, t } from '../shared/language.ts';
import { longDay } from '../shared/time.ts';
import { PaperDrawing } from './drawings.tsx';
import { Qr } from './qr.tsx';
import { sayOutcome } from './reading.ts';
import { startOver } from './screens.ts';

type Paper = AppointmentSlipView | { state: 'printing' } | { state: 'none' };

/** A time is booked: its code stands here whatever becomes of the paper. */
export function BookedScreen({ view }: { view: AppointmentView }) {
  const [paper, setPaper] = useState<Paper>({ state: 'printing' });
  const print = async () => {
    setPaper({ state: 'printing' });
    const answer = await post<AppointmentSlipView>(`/api/appointments/${view.code}/print`, {}, 40_000);
    setPaper(answer.ok ? answer.value : { state: 'none' });
    sayOutcome(answer.ok && answer.value.state === 'printed' ? 'booked' : 'unprinted');
  };
  useEffect(() => void print(), [view.code]);
  return (
    <section class="screen ticket booked">
      <h1 tabIndex={-1}>{t('appointments.booked')}</h1>
      <div class="ticket-top">
        <div class="booked-left">
          <div class="number-block">
            <p class="booked-when">
              {longDay(`${view.day}T12:00:00Z`, language.value, 'UTC')}, {view.at}
            </p>
            <p class="booked-code figures">{spacedCode(view.code)}</p>
            <p class="number-service">{inLanguage(view.serviceTitle)}</p>
          </div>
          <PaperState paper={paper} onAgain={() => void print()} />
        </div>
        <div class="ticket-qr">
          <Qr text={view.code} label={t('appointments.code')} />
          <p>{t('kiosk.book-photo')}</p>
        </div>
      </div>
      <div class="screen-action">
        <Button kind="primary" onPress={startOver}>
          {t('kiosk.done')}
        </Button>
      </div>
    </section>
  );
}

function PaperState({ paper, onAgain }: { paper: Paper; onAgain: () => void }) {
  switch (paper.state) {
    case 'printing':
    case 'printed': {
      const isOut = paper.state === 'printed';
      return (
        <div class="take-paper" role="status">
          <PaperDrawing />
          <p>
            <strong>{t(isOut ? 'kiosk.book-paper' : 'kiosk.book-printing')}</strong>
            {t(isOut ? 'kiosk.take-paper-where' : 'kiosk.printing-hint')}
          </p>
        </div>
      );
    }
    case 'failed':
    case 'doubtful':
    case 'none':
      return (
        <Message
          tone="attention"
          title={t('kiosk.book-no-paper')}
          // Of a doubtful one somebody may hold the paper.
          action={
            paper.state !== 'doubtful' && <Button onPress={onAgain}>{t('kiosk.book-print-again')}</Button>
          }
        >
          <p>{t('kiosk.book-valid')}</p>
        </Message>
      );
  }
}
