//! The workflows of GitHub: their steps are scripts that run here too, actions are pinned, and no
//! step that builds has a token that may write.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_yaml::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names and texts of all workflows.
fn workflows() -> Vec<(String, String)> {
    let folder = fs::read_dir(root().join(".github/workflows")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let workflows: Vec<_> =
        names.map(|name| (name.clone(), read(&format!(".github/workflows/{name}")))).collect();
    assert!(workflows.len() >= 2);
    workflows
}

/// A job with its workflow's name.
struct Job {
    name: String,
    value: Value,
}

impl Job {
    fn all(workflow: &str, text: &str) -> Vec<Self> {
        let workflow_value: Value = serde_yaml::from_str(text).unwrap();
        let jobs = workflow_value["jobs"].as_mapping().unwrap();
        let job = |(name, value): (&Value, &Value)| Self {
            name: format!("{workflow}: {}", name.as_str().unwrap()),
            value: value.clone(),
        };
        jobs.iter().map(job).collect()
    }

    fn steps(&self) -> &[Value] {
        self.value["steps"].as_sequence().unwrap()
    }

    /// The scripts that the steps run, without their arguments.
    fn scripts(&self) -> Vec<String> {
        let commands = self.steps().iter().filter_map(|step| step["run"].as_str());
        commands.map(|command| script(command).unwrap_or_else(|| panic!("{}", self.name))).collect()
    }

    /// Whether a token of the job may write, or the job has a secret.
    fn is_privileged(&self) -> bool {
        let permissions = self.value["permissions"].as_mapping();
        let writes = permissions.into_iter().flatten().any(|(_, one)| one != "read");
        writes || serde_yaml::to_string(&self.value).unwrap().contains("secrets.")
    }
}

/// The script of a command such as `bash .ci/test --all`; `None` for any other command.
fn script(command: &str) -> Option<String> {
    let command = command.strip_prefix("bash ").unwrap_or(command);
    let mut words = command.split(' ');
    let path = words.next()?;
    let is_script = [".ci/", ".github/"].iter().any(|folder| path.starts_with(folder));
    let is_word = |word: &str| {
        word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '.'))
    };
    (is_script && command.split(' ').all(is_word)).then(|| path.to_owned())
}

#[test]
fn steps_are_scripts_that_ci_runs_here_too() {
    assert_eq!(script("bash .ci/msrv --install").as_deref(), Some(".ci/msrv"));
    assert_eq!(script("cargo test"), None);
    assert_eq!(script("bash .ci/test; cargo test"), None);
    // What .ci/run runs, and what the scripts run that it runs.
    let tested = [read(".ci/run"), read(".ci/sync")].concat();
    for (workflow, text) in workflows() {
        for job in Job::all(&workflow, &text) {
            for script in job.scripts() {
                assert!(root().join(&script).is_file(), "{}: {script}", job.name);
                let is_tested = script == ".ci/run" || tested.contains(&script);
                assert!(is_tested, "{}: {script} isn't run by .ci/run", job.name);
            }
        }
    }
}

#[test]
fn actions_are_pinned_by_commit() {
    for (workflow, text) in workflows() {
        for line in text.lines().filter(|line| line.contains("uses:")) {
            let (_, action) = line.split_once("uses: ").unwrap();
            let (action, version) = action.split_once(" # v").expect(line);
            let (name, commit) = action.split_once('@').expect(line);
            let is_hex = commit.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
            assert!(commit.len() == 40 && is_hex, "{workflow}: {line}");
            assert!(name.starts_with("actions/"), "{workflow}: {name}: an action of others");
            assert!(version.split('.').count() == 3, "{workflow}: {line}");
        }
    }
}

#[test]
fn nothing_is_built_beside_a_token_that_may_write() {
    let mut privileged = 0;
    for (workflow, text) in workflows() {
        let value: Value = serde_yaml::from_str(&text).unwrap();
        let permissions = value["permissions"].as_mapping().expect("permissions of all jobs");
        assert!(permissions.iter().all(|(_, one)| one == "read"), "{workflow}");
        for job in Job::all(&workflow, &text) {
            for step in job.steps() {
                let is_checkout =
                    step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@"));
                let persists = step["with"]["persist-credentials"].as_bool() != Some(false);
                assert!(!(is_checkout && persists), "{}: persist-credentials", job.name);
            }
            if !job.is_privileged() {
                continue;
            }
            privileged += 1;
            for script in job.scripts() {
                let text = read(&script);
                let code = text.lines().filter(|line| !line.trim_start().starts_with('#'));
                let builds = code.into_iter().find(|line| {
                    line.contains("cargo") || line.contains("rustup") || line.contains(".ci/")
                });
                assert_eq!(builds, None, "{}: {script}", job.name);
            }
        }
    }
    assert_eq!(privileged, 1);
}
