import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../../protocol/api/common.ts';
import type { CaseStatusView } from '../../protocol/api/screens.ts';
import { post } from '../shared/api.ts';
import { caseStages } from '../shared/case-stage.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { DigitField } from './digit-field.tsx';
import { DigitPad } from './digit-pad.tsx';
import { takeCodes } from './scanned-codes.ts';

const numberDigits = 6;
const codeDigits = 6;

/** KEM-14: how far a case is, by its number and the code that the clerk gave. Forgotten with the screen. */
export function CaseScreen() {
  const [number, setNumber] = useState('');
  const [code, setCode] = useState('');
  const [active, setActive] = useState<'number' | 'code'>('number');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [found, setFound] = useState<CaseStatusView | null>(null);
  const isComplete = number !== '' && code.length === codeDigits;

  const ask = async (wish: { number: string; code: string }) => {
    if (busy) return;
    setBusy(true);
    const answer = await post<CaseStatusView>('/api/case-status', wish);
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) setFound(answer.value);
    else setCode('');
  };
  // The code on the receipt holds both.
  useEffect(
    () =>
      takeCodes(scanned => {
        const [, ofNumber, ofCode] = /(\d{6})-(\d{6})$/.exec(scanned) ?? [];
        if (ofNumber && ofCode) void ask({ number: ofNumber, code: ofCode });
      }),
    [busy],
  );
  const type = (value: string) => {
    setError(null);
    if (active === 'code') setCode(value);
    else {
      setNumber(value);
      if (value.length === numberDigits) setActive('code');
    }
  };

  if (found) return <CaseFound view={found} />;
  return (
    <section class="screen asking">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{t('kiosk.case-title')}</h1>
        <p>{t('kiosk.case-how')}</p>
      </div>
      <div class="asking-body">
        <div class="asking-fields">
          <DigitField
            label={t('kiosk.case-number')}
            value={number}
            longest={numberDigits}
            active={active === 'number'}
            onChange={setNumber}
            onFocus={() => setActive('number')}
          />
          <DigitField
            label={t('kiosk.case-code')}
            value={code}
            longest={codeDigits}
            active={active === 'code'}
            onChange={setCode}
            onFocus={() => setActive('code')}
          />
          {error && <Notice error={error} />}
        </div>
        <DigitPad
          value={active === 'code' ? code : number}
          longest={active === 'code' ? codeDigits : numberDigits}
          onChange={type}
        />
      </div>
      <div class="screen-action">
        <Button kind="primary" busy={busy} disabled={!isComplete} onPress={() => void ask({ number, code })}>
          {t('kiosk.case-show')}
        </Button>
      </div>
    </section>
  );
}

function CaseFound({ view }: { view: CaseStatusView }) {
  const stage = caseStages[view.state];
  const dates = [
    ['case.opened-at', view.openedAt],
    ['case.sent-at', view.sentAt],
    ['case.result-at', view.resultAt],
    ['case.handed-out-at', view.handedOutAt],
  ] as const;
  return (
    <section class="screen asking">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{inLanguage(view.serviceTitle)}</h1>
        <p class="figures">
          {t('case.number', { number: view.number })}. {inLanguage(view.agency)}
        </p>
      </div>
      <Message tone={stage.tone} title={t(stage.text)}>
        <p>{t(stage.how)}</p>
      </Message>
      <dl class="facts">
        {dates.map(
          ([name, at]) =>
            at !== null && (
              <div key={name} class="fact">
                <dt>{t(name)}</dt>
                <dd>{showDayAndTime(at)}</dd>
              </div>
            ),
        )}
        <div class="fact">
          <dt>{t('kiosk.term')}</dt>
          <dd>{t('kiosk.working-days', { count: view.normWorkingDays })}</dd>
        </div>
      </dl>
    </section>
  );
}
