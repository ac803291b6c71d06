import { useState } from 'preact/hooks';
import type { TechnicianDevice, TestResult } from '../../protocol/api/technician.ts';
import type { CardRead, CodeRead } from '../../protocol/readings.ts';
import { Button } from '../shared/components/button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { Progress } from '../shared/components/states.tsx';
import { t } from '../shared/language.ts';
import { trial, tryOut } from './store.ts';

/** One button for each test, and what came of the last one. */
export function TestPanel({ device }: { device: TechnicianDevice }) {
  const [pin, setPin] = useState('');
  const now = trial.value;
  const asksPin = device.tests.includes('sign');
  return (
    <section class="tech-section">
      <h3>{t('tech.test')}</h3>
      <div class="tech-actions">
        {asksPin && (
          <label class="field">
            <span>{t('tech.test-pin')}</span>
            <input
              class="input"
              type="password"
              autocomplete="off"
              value={pin}
              onInput={event => setPin(event.currentTarget.value)}
            />
          </label>
        )}
        {device.tests.map(kind => (
          <Button
            key={kind}
            busy={now?.state === 'running'}
            disabled={kind === 'sign' && pin === ''}
            onPress={() => {
              const once = pin;
              setPin('');
              void tryOut(device, kind, once);
            }}
          >
            {t(`tech.test.${kind}`)}
          </Button>
        ))}
      </div>
      {now?.state === 'running' && <Progress label={t(`tech.wait.${now.kind}`)} />}
      {now?.state === 'failed' && <Notice error={now.error} />}
      {now?.state === 'done' && (
        <Message tone="serving" title={titleOf(now.result)}>
          {now.result.kind === 'read' && <ReadDetails read={now.result.read} />}
        </Message>
      )}
    </section>
  );
}

function titleOf(result: TestResult): string {
  if (result.kind === 'read') return t(`reading.${result.read.kind}`);
  return t(`tech.done.${result.kind}`, result.kind === 'signed' ? { owner: result.owner } : {});
}

function ReadDetails({ read }: { read: CodeRead | CardRead }) {
  return (
    <ul class="tech-details">
      {detailsOf(read).map(detail => (
        <li key={detail}>{detail}</li>
      ))}
    </ul>
  );
}

/** Whose card it is stays with the clerks; the technician learns that it could be read. */
function detailsOf(read: CodeRead | CardRead): string[] {
  switch (read.kind) {
    case 'ticket':
      return [read.ticketId];
    case 'appointment':
      return [read.code];
    case 'payment':
      return read.fields.map(({ name, value }) => `${name}: ${value}`);
    case 'gs1':
      return read.elements.map(({ ai, value }) => `(${ai}) ${value}`);
    case 'pdf417':
    case 'text':
      return [read.text];
    case 'card':
      return [
        ...(read.uid ? [t('tech.card-uid', { uid: read.uid })] : []),
        ...(read.atr ? [t('tech.card-atr', { atr: read.atr })] : []),
        t(read.identity ? 'tech.card-known' : 'tech.card-unknown'),
      ];
    case 'card-gone':
      return [];
  }
}
