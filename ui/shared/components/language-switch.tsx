import { language } from '../language.ts';
import { type Language, languages } from '../languages.ts';
import { Button } from './button.tsx';

/** Offers the other languages, each in its own words. */
export function LanguageSwitch({ offered = ['ru', 'en'] }: { offered?: readonly Language[] }) {
  return (
    <>
      {offered
        .filter(each => each !== language.value)
        .map(other => (
          <Button
            key={other}
            kind="quiet"
            icon={offered.length > 2 ? undefined : 'globe'}
            onPress={() => {
              language.value = other;
            }}
          >
            <span lang={other}>{languages[other].name}</span>
          </Button>
        ))}
    </>
  );
}
