import { now, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Ask } from '../shared/components/dialog.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { SearchBox } from '../shared/components/search-box.tsx';
import { FreshnessMark } from '../shared/components/status.tsx';
import { t } from '../shared/language.ts';
import { logOut, session } from '../shared/session.ts';
import { asked, dialog, failure } from './actions.ts';
import { CaseColumn } from './case-column.tsx';
import { DeviceStrip } from './device-strip.tsx';
import { DocumentColumn } from './document-column.tsx';
import { IncomingDialog } from './incoming-dialog.tsx';
import { PinDialog } from './pin-dialog.tsx';
import { QueueColumn } from './queue-column.tsx';
import { ReadingNotice } from './reading-notice.tsx';
import { SeparatorsDialog } from './separators-dialog.tsx';
import { SortDialog } from './sort-dialog.tsx';
import { currentCase, showFound } from './store.ts';

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
    </div>
  );
}

function ClerkHead() {
  const now_ = session.value;
  if (now_.state !== 'in') return null;
  const { me } = now_;
  const leave = async () => {
    failure.value = await logOut();
  };
  return (
    <header class="clerk-head">
      <h1 class="clerk-window">
        {me.window === null ? t('clerk.no-window') : t('clerk.window', { window: me.window })}
      </h1>
      <SearchBox onChoose={showFound} />
      <FreshnessMark />
      <p class="clerk-name">
        {me.name}
        <small>{me.post}</small>
      </p>
      <time class="clerk-clock">{showTime(now.value)}</time>
      <LanguageSwitch />
      <Button kind="quiet" onPress={() => void leave()}>
        {t('login.leave')}
      </Button>
    </header>
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
