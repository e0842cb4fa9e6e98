use crate::{House, Trouble};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// The ids in a URL: `At(group): At<GroupId>`. What is no id is "not there", like an id of nothing.
#[derive(Clone, Copy, Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<House> for At<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Trouble> {
        let path = Path::<T>::from_request_parts(parts, house).await;
        path.map(|Path(ids)| Self(ids)).map_err(|_| Trouble::unseen())
    }
}
