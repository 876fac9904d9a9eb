//! What an emulator says of itself in its metrics.

/// The metrics of an emulator at one time.
#[derive(Debug)]
pub struct Metrics(String);

impl Metrics {
    /// Asks the emulator at a URL, over a connection that is closed then.
    pub fn of(url: &str) -> Result<Self, ureq::Error> {
        // A proxy of the environment is for other machines.
        let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
        let request = agent.get(format!("{url}/_emulator/metrics")).header("connection", "close");
        Ok(Self(request.call()?.body_mut().read_to_string()?))
    }

    /// Returns the value of a metric without labels, if there is one of this name.
    pub fn get(&self, name: &str) -> Option<u64> {
        let name = format!("imagesearch_emulator_{name} ");
        let value = self.0.lines().find_map(|line| line.strip_prefix(&name));
        value.and_then(|value| value.parse().ok())
    }
}
