import { useState } from 'preact/hooks';
import type { ApiError } from '../../protocol/api/common.ts';
import type { RoleWish, TechnicianDevice } from '../../protocol/api/technician.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { placeName } from './device-list.tsx';
import { assign, technician } from './store.ts';

const speeds = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

/** Says what a plugged device is and where it stands. */
export function RoleForm({ device }: { device: TechnicianDevice }) {
  const { plug, role } = device;
  const offered = plug?.drivers ?? [];
  const places = heldValue(technician)?.places ?? [];
  const [driver, setDriver] = useState(role?.driver ?? offered[0]?.id ?? '');
  const [place, setPlace] = useState(role?.place ?? places[0] ?? '');
  const [baudRate, setBaudRate] = useState(role?.baudRate ?? 9600);
  const [prefix, setPrefix] = useState(role?.prefix ?? '');
  const [suffix, setSuffix] = useState(role?.suffix ?? '');
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const [saved, setSaved] = useState(false);

  const give = async (wish: RoleWish['role']) => {
    setBusy(true);
    setError(await assign(device, wish));
    setBusy(false);
    setSaved(wish !== null);
  };
  const wish = { driver, place, ...(plug?.line === 'serial' && { baudRate }), prefix, suffix };
  const save = () => (plug?.line === 'keyboard' && !role ? setAsks(true) : void give(wish));
  const isFramed = driver !== 'barcode-scanner.hid-pos' && plug?.line !== 'pcsc';

  return (
    <section class="tech-section">
      <h3>{t('tech.role')}</h3>
      <div class="tech-form">
        <label class="field">
          <span>{t('tech.role-what')}</span>
          <select class="select" value={driver} onChange={event => setDriver(event.currentTarget.value)}>
            {offered.map(({ id, title }) => (
              <option key={id} value={id}>
                {inLanguage(title)}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t('tech.role-place')}</span>
          <select class="select" value={place} onChange={event => setPlace(event.currentTarget.value)}>
            {places.map(one => (
              <option key={one} value={one}>
                {placeName(one)}
              </option>
            ))}
          </select>
        </label>
        {plug?.line === 'serial' && (
          <label class="field">
            <span>{t('tech.role-baud')}</span>
            <select
              class="select"
              value={String(baudRate)}
              onChange={event => setBaudRate(Number(event.currentTarget.value))}
            >
              {speeds.map(speed => (
                <option key={speed} value={String(speed)}>
                  {speed}
                </option>
              ))}
            </select>
          </label>
        )}
        {isFramed && <BytesField name="tech.role-prefix" value={prefix} onInput={setPrefix} />}
        {isFramed && <BytesField name="tech.role-suffix" value={suffix} onInput={setSuffix} />}
      </div>
      {isFramed && <p class="tech-soft">{t('tech.role-bytes')}</p>}
      {error && <Notice error={error} />}
      <div class="tech-actions">
        <Button kind="primary" busy={busy} onPress={save}>
          {t('tech.role-save')}
        </Button>
        {role && (
          <Button busy={busy} onPress={() => void give(null)}>
            {t('tech.role-remove')}
          </Button>
        )}
        <p role="status">{saved && t('tech.role-saved')}</p>
      </div>
      {asks && (
        <Ask
          question={t('tech.keyboard-ask')}
          yes={t('tech.keyboard-yes')}
          onNo={() => setAsks(false)}
          onYes={() => {
            setAsks(false);
            void give(wish);
          }}
        />
      )}
    </section>
  );
}

function BytesField(props: {
  name: 'tech.role-prefix' | 'tech.role-suffix';
  value: string;
  onInput: (value: string) => void;
}) {
  return (
    <label class="field">
      <span>{t(props.name)}</span>
      <input
        class="input"
        maxLength={16}
        value={props.value}
        onInput={event => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}
