import type { CentreCaseLine } from '../../protocol/api/centre.ts';
import { showDayAndTime } from '../shared/clock.ts';
import { CaseTable } from '../shared/components/case-table.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { centreCaseTone } from './case-state.ts';
import { caseId, cases, region, showCase } from './store.ts';

export function Cases() {
  return (
    <Loaded held={cases.held.value} onRetry={() => void cases.refresh()} rows={6}>
      {lines =>
        lines.length === 0 ? (
          <Empty icon="page">{t('operator.cases-empty')}</Empty>
        ) : (
          <CaseTable
            lines={lines}
            chosen={caseId.value}
            onChoose={showCase}
            numberTitle="operator.col.case"
            columns={[
              ['operator.col.state', line => <CaseState line={line} />],
              ['operator.col.service', line => inLanguage(line.serviceTitle)],
              ['operator.col.agency', line => inLanguage(line.agency)],
              ['operator.registration', line => line.registrationNumber ?? t('operator.not-registered')],
              ['operator.branch', line => branchName(line.box)],
              ['operator.col.opened', line => <time>{showDayAndTime(line.openedAt)}</time>],
            ]}
          />
        )
      }
    </Loaded>
  );
}

function CaseState({ line }: { line: CentreCaseLine }) {
  return (
    <>
      <StatusDot tone={centreCaseTone(line)}>{t(`operator.state.${line.state}`)}</StatusDot>
      {line.trouble && <small>{line.trouble.code}</small>}
    </>
  );
}

export function branchName(box: string): string {
  const found = heldValue(region)?.boxes.find(one => one.box === box);
  return found ? inLanguage(found.name) : box;
}
