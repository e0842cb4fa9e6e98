//! Linked apps and other programs: `/api/v1`, and the document that describes it (OpenAPI 3.1).
//!
//! A handler carries its path beside it; what stands here is served and described, both or neither.

use crate::House;
use crate::web::api;
use crate::{
    accounts, acknowledgements, consents, facilities, free_groups, home, invitations, live, media, patients,
    timeline,
};
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::any;
use std::sync::LazyLock;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi as _};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Every path of the API, with the document about them.
fn described() -> OpenApiRouter<House> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(document))
        .routes(routes!(accounts::api::make_token))
        .routes(routes!(accounts::api::end_token))
        .routes(routes!(facilities::api::me))
        .routes(routes!(free_groups::api::make_group))
        .routes(routes!(invitations::api::invitations))
        .routes(routes!(invitations::api::invite))
        .routes(routes!(invitations::api::accept))
        .routes(routes!(patients::api::register_patient))
        .routes(routes!(consents::api::record_consent))
        .routes(routes!(home::api::home))
        .routes(routes!(live::api::events))
        .routes(routes!(timeline::api::posts, timeline::api::write_post))
        .routes(routes!(timeline::api::post))
        .routes(routes!(timeline::api::read))
        .routes(routes!(acknowledgements::api::acknowledge, acknowledgements::api::unacknowledge))
        .routes(routes!(timeline::api::upload))
        .routes(routes!(media::api::upload_state, media::api::remove_upload))
        .routes(routes!(media::api::send_part))
        .routes(routes!(media::api::finish_upload))
}

/// The routes as the house serves them: whatever goes wrong under `/api/v1` is a problem in JSON.
pub fn programs() -> Router<House> {
    let (router, _) = described().split_for_parts();
    router
        .route("/api/v1", any(api::nowhere))
        .route("/api/v1/", any(api::nowhere))
        .route("/api/v1/{*rest}", any(api::nowhere))
        .method_not_allowed_fallback(api::wrong_method)
}

/// The document, made once.
#[must_use]
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let mut document = described().into_openapi();
        Finish.modify(&mut document);
        document.to_json().unwrap_or_default()
    });
    &TEXT
}

/// This document
#[utoipa::path(get, path = "/api/v1/openapi.json", operation_id = "document", tag = "document", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
async fn document() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")], text())
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Tasuki",
        description = include_str!("api.md"),
    ),
    tags(
        (name = "account", description = "The person, and the program that acts for them"),
        (name = "groups", description = "Places with members: made, entered"),
        (name = "patients", description = "Patients and what they agreed to"),
        (name = "posts", description = "Reading, writing, acknowledging, hearing of what is new"),
        (name = "files", description = "Files for posts"),
        (name = "document", description = "This document"),
    ),
    components(schemas(api::Id, api::Time, api::Problem)),
    security(("bearer" = [])),
)]
struct Described;

/// What every operation shares: how a program shows who it is, and how a refusal looks.
struct Finish;

impl Modify for Finish {
    fn modify(&self, document: &mut OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A token from `POST /api/v1/tokens`"))
            .build();
        let problem = ResponseBuilder::new()
            .description("Not done, and why")
            .content("application/problem+json", Content::new(Some(Ref::from_schema_name("Problem"))))
            .build();
        let components = document.components.get_or_insert_with(Components::new);
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        components.responses.insert("Problem".to_owned(), problem.into());
        let operations = document.paths.paths.values_mut().flat_map(|item| {
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
        });
        for operation in operations {
            let refused = RefOr::Ref(Ref::from_response_name("Problem"));
            operation.responses.responses.insert("default".to_owned(), refused);
        }
    }
}

#[cfg(test)]
mod tests;
