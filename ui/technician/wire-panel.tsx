import { useState } from 'preact/hooks';
import type { ApiError } from '../../protocol/api/common.ts';
import type { TechnicianDevice } from '../../protocol/api/technician.ts';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { t } from '../shared/language.ts';
import { turnWire, wire } from './store.ts';

/** The bytes of a device while it is on: « came, » went. */
export function WirePanel({ device }: { device: TechnicianDevice }) {
  const now = wire.value;
  const isOn = device.wire === true;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const turn = async () => {
    setBusy(true);
    setError(await turnWire(device, !isOn));
    setBusy(false);
  };
  return (
    <section class="tech-section">
      <div class="tech-actions">
        <h3>{t('tech.wire')}</h3>
        <Button busy={busy} onPress={() => void turn()}>
          {t(isOn ? 'tech.wire-off' : 'tech.wire-on')}
        </Button>
      </div>
      {error && <Notice error={error} />}
      {isOn && now && now.lines.length === 0 && <p class="tech-soft">{t('tech.wire-empty')}</p>}
      {isOn && now && now.lines.length > 0 && (
        <ol class="tech-wire">
          {now.lines.toReversed().map((line, index) => (
            <li key={`${line.at} ${index}`}>
              <time>{showTime(line.at)}</time> {line.direction === 'in' ? '«' : '»'} {line.bytes}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
