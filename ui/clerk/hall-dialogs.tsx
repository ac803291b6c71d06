import { useState } from 'preact/hooks';
import type { CallExplanation, QueueView } from '../../protocol/api/queue.ts';
import { showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Choice } from '../shared/components/choice.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { busy, failure } from './actions.ts';
import { hallAct, hallDialog, whyBefore } from './hall-acts.ts';
import { services } from './services.ts';
import { queue } from './store.ts';

const close = () => {
  hallDialog.value = null;
  failure.value = null;
};

const minuteChoices = [5, 10, 15, 30, 60];
const minuteOptions = (): [string, string][] => [
  ...minuteChoices.map((each): [string, string] => [String(each), t('hall.for-minutes', { count: each })]),
  ['', t('clerk.until-asked')],
];
const minutesOf = (value: string) => (value === '' ? null : Number(value));

/** What the clerk opened about the hall: the own window, the person at it, or somebody in line. */
export function HallDialogs() {
  const open = hallDialog.value;
  const view = heldValue(queue);
  if (!open || !view) return null;
  switch (open.name) {
    case 'window':
      return <WindowDialog view={view} />;
    case 'ticket':
      return view.mine && <TicketActs key={open.ticketId} view={view} mine={view.mine} />;
    case 'line':
      return <LineDialog key={open.ticketId} view={view} ticketId={open.ticketId} />;
  }
}

function WindowDialog({ view }: { view: QueueView }) {
  const [reason, setReason] = useState(view.pauseReasons[0]?.id ?? 'other');
  const [minutes, setMinutes] = useState('15');
  const state = view.window?.state ?? 'closed';
  const isBusy = busy.value !== null;
  return (
    <Dialog
      title={t('clerk.window', { window: view.window?.window ?? '' })}
      onClose={close}
      class="hall-acts"
    >
      {failure.value && <Notice error={failure.value} />}
      {state === 'closed' && (
        <Button kind="primary" busy={isBusy} onPress={() => void hallAct('window/open')}>
          {t('clerk.open-window')}
        </Button>
      )}
      {state === 'paused' && (
        <Button kind="primary" busy={isBusy} onPress={() => void hallAct('window/resume')}>
          {t('clerk.resume')}
        </Button>
      )}
      {(state === 'open' || state === 'last-client') && (
        <fieldset>
          <legend>{t('clerk.pause')}</legend>
          <div class="act-fields">
            <Choice
              label={t('clerk.reason')}
              value={reason}
              onChange={setReason}
              options={view.pauseReasons.map(({ id, title }) => [id, inLanguage(title)])}
            />
            <Choice label={t('clerk.for')} value={minutes} onChange={setMinutes} options={minuteOptions()} />
            <Button
              busy={isBusy}
              onPress={() => void hallAct('window/pause', { reason, minutes: minutesOf(minutes) })}
            >
              {t('clerk.pause')}
            </Button>
          </div>
        </fieldset>
      )}
      {view.mine && state === 'open' && (
        <div class="act-line">
          <p>{t('clerk.last-client-how')}</p>
          <Button busy={isBusy} onPress={() => void hallAct('window/last-client')}>
            {t('clerk.last-client')}
          </Button>
        </div>
      )}
      {state !== 'closed' && !view.mine && (
        <div class="act-line">
          <p>{t('clerk.end-of-day', { count: view.served })}</p>
          <Button busy={isBusy} onPress={() => void hallAct('window/close')}>
            {t('clerk.close-window')}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

function TicketActs({ view, mine }: { view: QueueView; mine: NonNullable<QueueView['mine']> }) {
  const act = (what: string, body: object) => void hallAct(`tickets/${mine.ticketId}/${what}`, body);
  const isBusy = busy.value !== null;
  const [minutes, setMinutes] = useState('10');
  const [serviceId, setService] = useState('');
  const [window, setWindow] = useState('');
  const [comesBack, setComesBack] = useState(false);
  const [added, setAdded] = useState('');
  const [words, setWords] = useState('');
  const all = services().map(({ id, title }): [string, string] => [id, inLanguage(title)]);
  const others = view.windows.filter(each => each.window !== view.window?.window);
  return (
    <Dialog title={t('clerk.ticket-of', { number: mine.number })} onClose={close} class="hall-acts">
      {failure.value && <Notice error={failure.value} />}
      <fieldset>
        <legend>{t('clerk.hold')}</legend>
        <p>{t('clerk.hold-how')}</p>
        <div class="act-fields">
          <Choice label={t('clerk.for')} value={minutes} onChange={setMinutes} options={minuteOptions()} />
          <Button busy={isBusy} onPress={() => act('hold', { why: 'pause', minutes: minutesOf(minutes) })}>
            {t('clerk.hold')}
          </Button>
          <Button busy={isBusy} onPress={() => act('hold', { why: 'papers', minutes: null })}>
            {t('clerk.papers')}
          </Button>
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('clerk.transfer')}</legend>
        <div class="act-fields">
          <Choice
            label={t('clerk.transfer-service')}
            value={serviceId}
            onChange={setService}
            options={[['', t('clerk.same-service')], ...all]}
          />
          <Choice
            label={t('clerk.transfer-window')}
            value={window}
            onChange={setWindow}
            options={[
              ['', t('clerk.any-window')],
              ...others.map((each): [string, string] => [
                each.window,
                `${each.window} (${t(`clerk.window.${each.state}`)})`,
              ]),
            ]}
          />
          <label class="tick-line">
            <input
              type="checkbox"
              checked={comesBack}
              onChange={event => setComesBack(event.currentTarget.checked)}
            />
            {t('clerk.comes-back')}
          </label>
          <Button
            busy={isBusy}
            disabled={serviceId === '' && window === ''}
            onPress={() =>
              act('transfer', { ...(serviceId && { serviceId }), ...(window && { window }), comesBack })
            }
          >
            {t('clerk.transfer')}
          </Button>
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('clerk.add-service')}</legend>
        <div class="act-fields">
          <Choice
            label={t('hall.service')}
            value={added}
            onChange={setAdded}
            options={[['', t('clerk.choose-service')], ...all]}
          />
          <Button
            busy={isBusy}
            disabled={added === ''}
            onPress={() => act('add-service', { serviceId: added })}
          >
            {t('clerk.add')}
          </Button>
        </div>
      </fieldset>
      <fieldset>
        <legend>{t('clerk.comment')}</legend>
        <p>{t('clerk.comment-how')}</p>
        <div class="act-fields">
          <label class="field">
            <span class="visually-hidden">{t('clerk.comment')}</span>
            <input
              class="input"
              maxLength={500}
              value={words}
              onInput={event => setWords(event.currentTarget.value)}
            />
          </label>
          <Button busy={isBusy} disabled={words.trim() === ''} onPress={() => act('comment', { words })}>
            {t('clerk.save')}
          </Button>
        </div>
      </fieldset>
    </Dialog>
  );
}

/** Somebody in line: what is known of the ticket, why another went first, and the call out of turn. */
function LineDialog({ view, ticketId }: { view: QueueView; ticketId: string }) {
  const [reason, setReason] = useState(view.reasons[0]?.id ?? 'other');
  const [why, setWhy] = useState<CallExplanation | null>(null);
  const line = view.waiting.find(each => each.ticketId === ticketId);
  const { mine } = view;
  if (!line) return null;
  return (
    <Dialog
      title={t('clerk.ticket-of', { number: line.number })}
      onClose={close}
      class="hall-acts"
      actions={
        <>
          {mine && (
            <Button onPress={() => void whyBefore(mine.ticketId, ticketId).then(setWhy)}>
              {t('clerk.why', { called: mine.number })}
            </Button>
          )}
          {!mine && (
            <Button
              kind="primary"
              busy={busy.value !== null}
              onPress={() => void hallAct('queue/choose', { ticketId, reason })}
            >
              {t('clerk.call-this')}
            </Button>
          )}
        </>
      }
    >
      {failure.value && <Notice error={failure.value} />}
      <p>{inLanguage(line.serviceTitle)}</p>
      <p class="figures">{t('clerk.due', { time: showTime(line.dueAt) })}</p>
      {line.more.map(({ serviceId, title }) => (
        <p key={serviceId}>+ {inLanguage(title)}</p>
      ))}
      {line.comments.map(({ by, at, words }) => (
        <p key={`${by} ${at}`}>
          «{words}» <small>{showTime(at)}</small>
        </p>
      ))}
      {why && (
        <Message tone="info">
          <p>{inLanguage(why)}</p>
        </Message>
      )}
      {!mine && (
        <>
          <Choice
            label={t('clerk.reason')}
            value={reason}
            onChange={setReason}
            options={view.reasons.map(({ id, title }) => [id, inLanguage(title)])}
          />
          <p class="soft">{t('clerk.reason-how')}</p>
        </>
      )}
    </Dialog>
  );
}
