import { useState } from 'preact/hooks';
import type { HallLive } from '../../protocol/api/hall.ts';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Choice } from '../shared/components/choice.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty } from '../shared/components/states.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { act, busy, failure, messageTo } from './store.ts';

const durations = [15, 30, 60, 120];

/** What boards and kiosks tell everybody in the hall. */
export function Announcements({ view }: { view: HallLive }) {
  return (
    <div class="two-columns">
      <NewAnnouncement />
      <div>
        {view.announcements.length === 0 && <Empty icon="info">{t('hall.announcements-empty')}</Empty>}
        <ul class="announcements">
          {view.announcements.map(({ id, announcement, until }) => (
            <li key={id}>
              <p>
                {inLanguage(announcement)}
                <small>{until === null ? t('hall.for-day') : `→ ${showTime(until)}`}</small>
              </p>
              <Button busy={busy.value} onPress={() => void act(`announcements/${id}`, undefined, 'DELETE')}>
                {t('hall.announce-end')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function NewAnnouncement() {
  const [ru, setRu] = useState('');
  const [en, setEn] = useState('');
  const [minutes, setMinutes] = useState('');
  const announce = async () => {
    const body = { announcement: { ru, en: en || ru }, minutes: minutes === '' ? null : Number(minutes) };
    if (!(await act('announcements', body))) return;
    setRu('');
    setEn('');
  };
  return (
    <div class="form">
      <h2>{t('hall.announce')}</h2>
      <label class="field">
        <span>{t('hall.announce-ru')}</span>
        <textarea
          class="input"
          rows={2}
          maxLength={300}
          value={ru}
          onInput={event => setRu(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>{t('hall.announce-en')}</span>
        <textarea
          class="input"
          rows={2}
          maxLength={300}
          value={en}
          onInput={event => setEn(event.currentTarget.value)}
        />
      </label>
      <Choice
        label={t('hall.announce-for')}
        value={minutes}
        onChange={setMinutes}
        options={[
          ['', t('hall.for-day')],
          ...durations.map((each): [string, string] => [
            String(each),
            t('hall.for-minutes', { count: each }),
          ]),
        ]}
      />
      <Button kind="primary" busy={busy.value} disabled={ru.trim() === ''} onPress={() => void announce()}>
        {t('hall.announce-it')}
      </Button>
    </div>
  );
}

/** Words to one window or to all. */
export function MessageDialog({ view }: { view: HallLive }) {
  const [words, setWords] = useState('');
  const to = messageTo.value ?? 'all';
  const close = () => {
    messageTo.value = null;
    failure.value = null;
  };
  const send = () =>
    void act('messages', { window: to === 'all' ? null : to, words }).then(done => done && close());
  return (
    <Dialog
      title={t('hall.message')}
      onClose={close}
      actions={
        <>
          <Button onPress={close}>{t('page.cancel')}</Button>
          <Button kind="primary" busy={busy.value} disabled={words.trim() === ''} onPress={send}>
            {t('hall.send')}
          </Button>
        </>
      }
    >
      {failure.value && <Notice error={failure.value} />}
      <Choice
        label={t('hall.message-to')}
        value={to}
        onChange={value => {
          messageTo.value = value;
        }}
        options={[
          ['all', t('hall.message-all')],
          ...view.windows.map(({ window }): [string, string] => [
            window,
            t('hall.message-window', { window }),
          ]),
        ]}
      />
      <label class="field">
        <span>{t('hall.message-words')}</span>
        <textarea
          class="input"
          rows={3}
          maxLength={500}
          value={words}
          onInput={event => setWords(event.currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}
