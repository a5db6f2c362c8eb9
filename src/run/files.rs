//! Files of a run, which are uploaded before it is started.

use openapi_lower_runtime::{Error, Part};

use crate::{
    client::Client,
    generated::{helper_operations, types::TempFile},
};

/// The files of a run.
#[derive(Debug, Default)]
pub(super) struct RunFiles {
    pub(super) parts: Vec<Part>,
    pub(super) organization: Option<String>,
}

impl RunFiles {
    /// Uploads the files; sends nothing if there are none.
    pub(super) async fn upload(self, client: &Client) -> Result<Vec<TempFile>, Error> {
        if self.parts.is_empty() {
            return Ok(Vec::new());
        }
        #[cfg(helper = "run_files.upload")]
        let mut call = helper_operations::temp_files_upload(client);
        #[cfg(helper = "run_files.stage")]
        let mut call = helper_operations::temp_files_stage(client);
        if let Some(organization) = self.organization {
            call = call.organization_id(organization);
        }
        Ok(call.files(self.parts).send().await?.into_inner().temp_files)
    }
}
