//! Variables that would be misunderstood are refused, with the nearest that is right.

use crate::support::{Home, stderr};

fn refused(env: &[(&str, &str)], words: &[&str]) {
    for command in [&["serve"][..], &["status"], &["orders"], &["call", "get_accounts"], &["logout"]] {
        let output = Home::new().run(command, env);
        assert_eq!(output.status.code(), Some(2), "{command:?} {env:?}: {}", stderr(&output));
        let text = stderr(&output);
        assert!(words.iter().all(|word| text.contains(word)), "{env:?}: {text}");
    }
}

#[test]
fn an_unknown_variable_is_refused() {
    refused(
        &[("ARIES_READONLY", "1")],
        &["ARIES_READONLY is set, and is no variable", "did you mean ARIES_READ_ONLY?"],
    );
    refused(&[("ARIES_STATEDIR", "/tmp")], &["did you mean ARIES_STATE_DIR?"]);
    refused(&[("ARIES_SOMETHING_ELSE_ENTIRELY", "1")], &["ARIES_SOMETHING_ELSE_ENTIRELY is set", "README"]);
    // What is empty is not set; what install.sh reads may be there.
    for fine in [
        ("ARIES_READONLY", ""),
        ("ARIES_READONLY", "  "),
        ("ARIES_INSTALL_DIR", "/x"),
        ("ARIESREADONLY", "1"),
    ] {
        let output = Home::new().run(&["orders"], &[fine]);
        assert!(output.status.success(), "{fine:?}: {}", stderr(&output));
    }
}

#[test]
fn a_place_that_is_not_absolute_is_refused() {
    for name in ["ARIES_STATE_DIR", "ARIES_CONFIG_DIR", "ARIES_CONFIG"] {
        for place in [
            "~/aries",
            "$HOME/aries",
            "${HOME}/aries",
            "${user_config.dir}",
            "./x",
            "../x",
            "x",
            ".",
            "~",
            "%APPDATA%\\x",
            "/home/${USER}/x",
            "file:///x",
        ] {
            let words = [name, place, "is not an absolute path", "or unset it"];
            let output = Home::new().run(&["orders"], &[(name, place)]);
            assert_eq!(output.status.code(), Some(2), "{name}={place}: {}", stderr(&output));
            assert!(words.iter().all(|word| stderr(&output).contains(word)), "{}", stderr(&output));
        }
    }
    refused(&[("ARIES_STATE_DIR", "~/aries")], &["ARIES_STATE_DIR=~/aries is not an absolute path"]);
}

#[test]
fn a_person_may_name_a_config_file_beside_them() {
    let home = Home::new();
    std::fs::create_dir_all(home.path("here")).unwrap();
    std::fs::write(home.path("here/mine.toml"), "read_only = maybe\n").unwrap();
    let mut command = home.command(&["orders", "--config", "mine.toml"]);
    let output = command.current_dir(home.path("here")).output().unwrap();
    assert!(stderr(&output).contains("mine.toml line 1"), "{}", stderr(&output));
    let output = home.run(&["orders", "--config", "~/mine.toml"], &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("only a shell fills in `~`"), "{}", stderr(&output));
}

#[test]
fn folders_of_the_system_that_are_not_absolute_are_not_followed() {
    let home = Home::new();
    let here = home.path("here");
    for folder in ["config/aries-mcp", ".config/aries-mcp"] {
        std::fs::create_dir_all(here.join(folder)).unwrap();
        std::fs::write(here.join(folder).join("config.toml"), "this is no TOML of ours").unwrap();
    }
    for env in [("XDG_CONFIG_HOME", "config"), ("HOME", ".")] {
        let mut command = home.command(&["orders"]);
        command.env_remove("ARIES_CONFIG_DIR").env(env.0, env.1).current_dir(&here);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{env:?}: {}", stderr(&output));
    }
}
