import { useSignal } from '@preact/signals';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { showSize } from '../shared/size.ts';
import { caseTone } from './case-tone.ts';
import { CaseWarnings } from './case-warnings.tsx';
import { Checklist } from './checklist.tsx';

/** A printer of a busy office takes its time. */
const printTimeoutMs = 310_000;

export function CasePanel({ view }: { view: CaseView }) {
  return (
    <article class="case">
      <header class="case-head">
        <div>
          <h2>{t('clerk.case-number', { number: view.number })}</h2>
          <p>
            {inLanguage(view.serviceTitle)}. {inLanguage(view.agency)}
          </p>
          <div class="case-code">
            <span class="figures">{t('clerk.check-code', { code: view.checkCode })}</span>
            {view.documents.length > 0 && <PrintReceipt caseId={view.caseId} />}
          </div>
        </div>
        <StatusDot tone={caseTone(view.state)}>{t(`clerk.state.${view.state}`)}</StatusDot>
      </header>
      {view.trouble && <Notice error={view.trouble} tone="trouble" title={t('clerk.trouble')} />}
      {view.result && <Result view={view} result={view.result} />}
      {view.package && <Package view={view} sent={view.package} />}
      <CaseWarnings warnings={view.warnings} />
      <Checklist view={view} />
    </article>
  );
}

/** What the applicant takes home: the papers taken, and how to ask for the case. */
function PrintReceipt({ caseId }: { caseId: string }) {
  const busy = useSignal(false);
  const failure = useSignal<ApiError | null>(null);
  const print = async () => {
    busy.value = true;
    const answer = await post(`/api/cases/${caseId}/receipt`, {}, printTimeoutMs);
    busy.value = false;
    failure.value = answer.ok ? null : answer.error;
  };
  return (
    <>
      <Button kind="quiet" icon="page" busy={busy.value} onPress={() => void print()}>
        {t('clerk.receipt')}
      </Button>
      {failure.value && <Notice error={failure.value} />}
    </>
  );
}

function Package({ view, sent }: { view: CaseView; sent: NonNullable<CaseView['package']> }) {
  return (
    <section class="case-part">
      <h3>{t('clerk.package')}</h3>
      <p>{t('clerk.package-sent', { time: showDayAndTime(sent.sentAt) })}</p>
      <StatusDot tone={sent.stored ? 'serving' : 'waiting'}>
        {t(sent.stored ? 'clerk.package-stored' : 'clerk.package-not-stored')}
      </StatusDot>
      <FileLink href={`/api/cases/${view.caseId}/package`} name={t('clerk.package')} />
    </section>
  );
}

function Result({ view, result }: { view: CaseView; result: NonNullable<CaseView['result']> }) {
  return (
    <section class="case-part">
      <h3>{t('clerk.result')}</h3>
      <p>
        {t('clerk.result-received', { time: showDayAndTime(result.receivedAt) })},{' '}
        {showSize(result.sizeBytes)}
      </p>
      <FileLink href={`/api/cases/${view.caseId}/result-document`} name={t('clerk.result')} />
      {view.copies.map(copy => (
        <p key={copy.copyNumber} class="copy">
          <span>
            {t('clerk.copy', { count: copy.copyNumber })}, {showDayAndTime(copy.madeAt)}
          </span>
          <StatusDot tone={copy.printedOn === null ? 'attention' : 'serving'}>
            {copy.printedOn === null
              ? t('clerk.copy-not-printed')
              : t('clerk.copy-printed', { printer: copy.printedOn })}
          </StatusDot>
          <FileLink
            href={`/api/cases/${view.caseId}/copies/${copy.copyNumber}`}
            name={t('clerk.copy', { count: copy.copyNumber })}
          />
        </p>
      ))}
      {view.copies.length > 0 && <FileLink href="/copies" name={t('copies.title')} />}
    </section>
  );
}

function FileLink({ href, name }: { href: string; name: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {t('clerk.open-file')}
      <span class="visually-hidden">: {name}</span>
    </a>
  );
}
