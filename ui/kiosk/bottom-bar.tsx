import type { Signal } from '@preact/signals';
import { Button } from '../shared/components/button.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { t } from '../shared/language.ts';
import { highContrast, largePrint, lowered, readAloud } from '../shared/preferences.ts';
import { canSpeak } from '../shared/speech.ts';
import { HelpDialog } from './help-dialog.tsx';
import { LanguageDialog } from './language-dialog.tsx';
import { back, barDialog, canGoBack, currentScreen } from './screens.ts';

/** Stays on every screen, in the same order and place. */
export function BottomBar() {
  const close = () => {
    barDialog.value = null;
  };
  return (
    <>
      <nav class="kiosk-bar" aria-label={t('kiosk.tools')}>
        <Button class="bar-back" icon="back" onPress={back} disabled={!canGoBack()}>
          {t('page.back')}
        </Button>
        <Aid icon="larger" text={t('kiosk.larger')} aid={largePrint} />
        <Aid icon="contrast" text={t('kiosk.contrast')} aid={highContrast} />
        <Aid icon="wheelchair" text={t('kiosk.lower')} aid={lowered} />
        {canSpeak() && <Aid icon="aloud" text={t('kiosk.aloud')} aid={readAloud} />}
        {currentScreen().name !== 'attract' && (
          <Button
            icon="globe"
            onPress={() => {
              barDialog.value = 'language';
            }}
          >
            {t('kiosk.language')}
          </Button>
        )}
        <Button
          icon="help"
          onPress={() => {
            barDialog.value = 'help';
          }}
        >
          {t('kiosk.help')}
        </Button>
      </nav>
      {barDialog.value === 'language' && <LanguageDialog onClose={close} />}
      {barDialog.value === 'help' && <HelpDialog onClose={close} />}
    </>
  );
}

function Aid({ icon, text, aid }: { icon: IconName; text: string; aid: Signal<boolean> }) {
  return (
    <button
      type="button"
      class="button plain"
      aria-pressed={aid.value}
      onClick={() => {
        aid.value = !aid.value;
      }}
    >
      <Icon name={icon} />
      <span class="button-text">{text}</span>
    </button>
  );
}
