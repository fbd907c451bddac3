//! Hints are written for a model, which speaks to a person. On a terminal the person reads them: what is for them is said
//! to them.

/// What a hint says to the model, and what it says to the person; in this order.
const SAID: [(&str, &str); 24] = [
    ("show this to the person; ", ""),
    ("they still want", "you still want"),
    ("tell the person to ", ""),
    ("ask the person to ", ""),
    ("tell the person: ", ""),
    ("tell the person that ", ""),
    ("tell the person what Aries said; ", ""),
    ("tell the person; ", ""),
    ("ask the person; ", ""),
    (", then tell the person", ""),
    (" and tell the person", ""),
    ("; tell the person", ""),
    (", tell the person", ""),
    ("; ask the person", ""),
    ("ask the person which ", "say which "),
    ("ask the person whether ", "see whether "),
    ("ask the person", "decide"),
    ("tell the person", "use Aries' own application"),
    ("they can ", "you can "),
    ("they want", "you want"),
    ("they mean", "you mean"),
    ("until they ", "until you "),
    ("the person's", "your"),
    ("the person", "you"),
];

/// The same text, said to the person. Rows of a table and what stands in quotes are not ours, and stay as they are.
pub(super) fn for_person(text: &str) -> String {
    let ours =
        |part: &str| SAID.iter().fold(part.to_owned(), |text, (model, person)| text.replace(model, person));
    let line = |line: &str| match line.contains('|') {
        true => line.to_owned(),
        false => {
            let parts = line.split('"').zip([true, false].into_iter().cycle());
            let parts = parts.map(|(part, is_ours)| if is_ours { ours(part) } else { part.to_owned() });
            parts.collect::<Vec<_>>().join("\"")
        }
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_not_told_to_tell_the_person() {
        for (model, person) in [
            (
                "trying again may help; if not, tell the person to check the network",
                "trying again may help; if not, check the network",
            ),
            ("tell the person to run `aries-mcp login`", "run `aries-mcp login`"),
            (
                "tell the person: enable market:information for the API key",
                "enable market:information for the API key",
            ),
            ("tell the person that Aries is out of order", "Aries is out of order"),
            (
                "nothing was ordered; try again in a minute, then tell the person",
                "nothing was ordered; try again in a minute",
            ),
            ("give `action`; ask the person", "give `action`"),
            (
                "tell the person; they can look at it in Aries' own application",
                "you can look at it in Aries' own application",
            ),
            ("ask the person which account to use", "say which account to use"),
            (
                "next: show this to the person; if they want exactly this, place_order with the ticket",
                "next: if you want exactly this, place_order with the ticket",
            ),
            ("12:00|Fed: ask the person next door", "12:00|Fed: ask the person next door"),
            ("Aries: \"ask the person\"; tell the person", "Aries: \"ask the person\""),
            ("check the symbol with find_symbol", "check the symbol with find_symbol"),
        ] {
            assert_eq!(for_person(model), person);
        }
    }
}
