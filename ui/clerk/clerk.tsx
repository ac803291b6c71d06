import { now, showTime } from '../shared/clock.ts';
import { Ask } from '../shared/components/dialog.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LeaveButton } from '../shared/components/leave-button.tsx';
import { SearchBox } from '../shared/components/search-box.tsx';
import { FreshnessMark } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { session } from '../shared/session.ts';
import { asked, dialog } from './actions.ts';
import { CaseColumn } from './case-column.tsx';
import { DeviceStrip } from './device-strip.tsx';
import { DocumentColumn } from './document-column.tsx';
import { HallDialogs } from './hall-dialogs.tsx';
import { HallMessages } from './hall-messages.tsx';
import { IncomingDialog } from './incoming-dialog.tsx';
import { PinDialog } from './pin-dialog.tsx';
import { QueueColumn } from './queue-column.tsx';
import { ReadingNotice } from './reading-notice.tsx';
import { SeparatorsDialog } from './separators-dialog.tsx';
import { SortDialog } from './sort-dialog.tsx';
import { currentCase, queue, showFound } from './store.ts';

export function Clerk() {
  return (
    <div class="clerk">
      <ClerkHead />
      <QueueColumn />
      <CaseColumn />
      <DocumentColumn />
      <DeviceStrip />
      <ReadingNotice />
      <Dialogs />
      <HallDialogs />
      <HallMessages />
    </div>
  );
}

function ClerkHead() {
  const now_ = session.value;
  if (now_.state !== 'in') return null;
  const { me } = now_;
  return (
    <header class="clerk-head">
      <h1 class="clerk-window">
        {me.window === null ? t('clerk.no-window') : t('clerk.window', { window: me.window })}
        <WindowState />
      </h1>
      <SearchBox onChoose={showFound} />
      <FreshnessMark />
      <p class="clerk-name">
        {me.name}
        <small>{me.post}</small>
      </p>
      <time class="clerk-clock">{showTime(now.value)}</time>
      <LanguageSwitch />
      <LeaveButton />
    </header>
  );
}

function WindowState() {
  const own = heldValue(queue)?.window;
  if (!own || own.state === 'open') return null;
  const until = own.pause?.until ?? null;
  return (
    <small class="window-state">
      {until === null
        ? t(`clerk.window.${own.state}`)
        : t('clerk.window.paused-until', { time: showTime(until) })}
    </small>
  );
}

function Dialogs() {
  const open = dialog.value;
  const question = asked.value;
  const close = () => {
    dialog.value = null;
  };
  const dismiss = () => {
    asked.value = null;
  };
  return (
    <>
      {open?.name === 'pin' && <PinDialog documents={open.documents} onClose={close} />}
      {open?.name === 'incoming' && <IncomingDialog kind={open.kind} title={open.title} onClose={close} />}
      {open?.name === 'sort' && currentCase.value && (
        <SortDialog view={currentCase.value} proposal={open.proposal} onClose={close} />
      )}
      {open?.name === 'separators' && currentCase.value && (
        <SeparatorsDialog view={currentCase.value} onClose={close} />
      )}
      {question && (
        <Ask
          question={question.question}
          yes={question.yes}
          onNo={dismiss}
          onYes={() => {
            dismiss();
            question.onYes();
          }}
        />
      )}
    </>
  );
}
