//! Development tasks of the workspace: `cargo xtask --help` lists them.

mod codegen;
mod conformance;
mod console;
mod faults;
mod kill_loop;
mod load;
mod mutations;
mod recall;
mod soak;
mod tidy;
mod uploads;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Development tasks of the imagesearch workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Writes the generated files from `api-spec/`.
    Codegen(codegen::Options),
    /// Runs the official SDKs against the emulator, both signatures and all operations.
    Conformance(conformance::Options),
    /// Leads a headless browser through the emulator's page, and leaves pictures of it.
    Console,
    /// Makes calls of all operations where much goes wrong, and checks what was promised.
    Faults(faults::Options),
    /// Sends the emulator right requests with something changed at random.
    Mutations(mutations::Options),
    /// Kills the emulator again and again while pictures are written to its data folder.
    KillLoop(kill_loop::Options),
    /// Measures how fast the emulator takes, finds and loads up to 100,000 pictures.
    Load,
    /// Fetches photos and measures how many altered ones find their originals.
    Recall,
    /// Makes many calls, and checks that neither memory nor connections grow.
    Soak(soak::Options),
    /// Checks the house rules that the compiler does not know.
    Tidy(tidy::Options),
    /// Measures what thousands of uploads at a time take of one process.
    Uploads,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Codegen(options) => codegen::run(options),
        Task::Conformance(options) => conformance::run(&options),
        Task::Console => console::run(),
        Task::Faults(options) => faults::run(options),
        Task::Mutations(options) => mutations::run(options),
        Task::KillLoop(options) => kill_loop::run(&options),
        Task::Load => load::run(),
        Task::Recall => recall::run(),
        Task::Soak(options) => soak::run(options),
        Task::Tidy(options) => tidy::run(&options),
        Task::Uploads => uploads::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
