import type { CentreCaseView } from '../../protocol/api/centre.ts';
import { Button } from '../shared/components/button.tsx';
import { Evidence } from '../shared/components/evidence.tsx';
import { HistoryList } from '../shared/components/history-list.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { isPhraseKey } from '../shared/dictionary.ts';
import { inLanguage, t } from '../shared/language.ts';
import { showSize } from '../shared/size.ts';
import { centreCaseTone } from './case-state.ts';
import { branchName } from './cases.tsx';
import { openCase, showCase } from './store.ts';

/** What a case is made of: its exchange with the agency, verdicts, refusal and history. */
export function CaseDetails() {
  return (
    <section class="operator-panel" aria-label={t('operator.col.case')}>
      <Loaded held={openCase.held.value} onRetry={() => void openCase.refresh()} rows={8}>
        {view => <Details view={view} />}
      </Loaded>
    </section>
  );
}

function Details({ view }: { view: CentreCaseView }) {
  return (
    <div class="details">
      <header class="details-head">
        <h2>{t('clerk.case-number', { number: view.number })}</h2>
        <Button icon="cross" onPress={() => showCase(null)}>
          {t('page.close')}
        </Button>
      </header>
      <StatusDot tone={centreCaseTone(view)}>{t(`operator.state.${view.state}`)}</StatusDot>
      {view.trouble && <Notice error={view.trouble} tone="trouble" />}
      <dl class="details-facts">
        <Line name={t('operator.col.service')}>{inLanguage(view.serviceTitle)}</Line>
        <Line name={t('operator.branch')}>{branchName(view.box)}</Line>
        <Line name={t('operator.col.agency')}>{inLanguage(view.agency)}</Line>
        <Line name={t('operator.registration')}>
          {view.registrationNumber ?? t('operator.not-registered')}
        </Line>
        {view.package && <Line name={t('operator.package')}>{contentLine(view.package)}</Line>}
        {view.result && <Line name={t('operator.result')}>{contentLine(view.result)}</Line>}
      </dl>
      {view.package && <a href={`/archive#${view.caseId}`}>{t('operator.in-archive')}</a>}
      {(['package', 'result'] as const).map(of => {
        const content = view[of];
        return (
          content && (
            <section key={content.sha256} aria-label={t(`operator.${of}`)}>
              <h3>{t(`operator.${of}`)}</h3>
              <Evidence sha256={content.sha256} />
            </section>
          )
        );
      })}
      <h3>{t('operator.history')}</h3>
      <HistoryList lines={view.history} />
    </div>
  );
}

function contentLine(content: { sha256: string; sizeBytes: number; verdict: string }): string {
  const key = `operator.verdict.${content.verdict}`;
  const verdict = isPhraseKey(key) ? t(key) : content.verdict;
  return `${showSize(content.sizeBytes)}, ${t('operator.verdict').toLowerCase()}: ${verdict}, SHA-256 ${content.sha256.slice(0, 12)}…`;
}

function Line({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
