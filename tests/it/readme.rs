//! Every command of the README runs, as written.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::support::{Workspace, run};

/// Lines of the README's shell blocks.
fn commands() -> Vec<String> {
    let readme = include_str!("../../README.md");
    let mut inside = false;
    let mut commands = Vec::new();
    for line in readme.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside && !command.is_empty() => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

/// Words of a command; single quotes keep what they hold as it is.
fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect()
}

#[test]
fn the_make_targets_exist() {
    let makefile = include_str!("../../Makefile");

    for command in commands().iter().filter(|command| command.starts_with("make ")) {
        let target = &command["make ".len()..];
        assert!(makefile.contains(&format!("\n{target}:")), "no rule for `{command}`");
    }
    assert!(makefile.contains("\ntest:") && makefile.contains("\nbench:"));
}

#[test]
fn the_commands_for_your_own_data_work_on_files_of_those_names() {
    let workspace = Workspace::new();
    let made = Workspace::new();
    made.ok(&["demo", "--no-serve", "borough"]);
    let borough = made.path().join("borough");
    for name in ["wards.geojson", "population.csv"] {
        fs::copy(borough.join(name), workspace.path().join(name)).unwrap();
    }
    fs::create_dir(workspace.path().join("police")).unwrap();
    for year in ["2024", "2025"] {
        let name = format!("police_crime_{year}.csv");
        fs::copy(borough.join(&name), workspace.path().join("police").join(&name)).unwrap();
    }
    // The log of anti-social behaviour too: the README asks for it by type.
    let asb = "police_asb.csv";
    fs::copy(borough.join(asb), workspace.path().join("police").join(asb)).unwrap();

    let mut ran = 0;
    for command in commands() {
        let words = words(&command);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["wardheat", "serve", rest @ ..] => serves(&workspace, rest),
            ["wardheat", arguments @ ..] => {
                let out = run(workspace.path(), arguments);
                let talk = String::from_utf8_lossy(&out.stderr);
                assert!(out.status.success(), "`{command}` failed: {talk}");
            }
            ["make", ..] => continue,
            _ => panic!("the README has a command that nothing runs: {command}"),
        }
        ran += 1;
    }

    assert!(ran >= 4, "only {ran} commands ran");
    assert!(workspace.files_under("findings").len() >= 8);
}

/// Starts the server on a free port, waits for its address, and ends it.
fn serves(workspace: &Workspace, rest: &[&str]) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_wardheat"))
        .current_dir(workspace.path())
        .arg("serve")
        .args(rest)
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    server.kill().unwrap();
    server.wait().unwrap();

    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
}
